import { lazy, Suspense } from 'react'
import { Legend } from '~/charts/legend'
import type { PlotProps } from '~/charts/plot'
import { Bone } from '~/ui/skeleton'

// The drawing code comes after the numbers: they can be read while it is on its way.
const Plot = lazy(() => import('./plot'))

type Props = Omit<PlotProps, 'height'> & {
  height?: number
  /** Where the lines are not labelled at their ends. */
  hasLegend?: boolean
}

/** Lines, fans and events over one axis. Arrow keys move the crosshair when the chart has focus. */
export function LineChart({ height = 240, hasLegend = false, ...plot }: Props) {
  return (
    <>
      <Suspense
        fallback={
          <div role="status" style={{ height }}>
            <span className="visually-hidden">Loading the chart</span>
            <Bone height={height} />
          </div>
        }
      >
        <Plot height={height} {...plot} />
      </Suspense>
      {hasLegend && <Legend spec={plot.spec} />}
    </>
  )
}
