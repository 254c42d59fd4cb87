import { useMemo } from 'react'
import type { AccuracyFigures } from '~/api/models'
import { ChartPanel, type Twin } from '~/charts/chart-panel'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { formatRatio } from '~/lib/format'

/** Beyond so many points off, an interval does not keep its promise. */
const TOLERANCE = 0.03

/** Whether intervals hold what they promise: promised share across, observed share up. */
export function Calibration({ figures }: { figures: AccuracyFigures }) {
  const { calibration } = figures
  const spec = useMemo(() => calibrationSpec(calibration), [calibration])
  const title = finding(calibration)
  return (
    <ChartPanel title={title} subtitle="Share of days inside, by the share promised" twin={() => twin(calibration)}>
      <LineChart hasLegend spec={spec} height={240} label={`${title}. Observed share by promised share.`} />
    </ChartPanel>
  )
}

function finding(points: AccuracyFigures['calibration']): string {
  if (points.length === 0) return 'Nothing to compare yet'
  const worst = points.reduce((a, b) => (Math.abs(b.observed - b.nominal) > Math.abs(a.observed - a.nominal) ? b : a))
  const off = worst.observed - worst.nominal
  if (Math.abs(off) <= TOLERANCE) return 'The intervals hold what they promise'
  const size = formatRatio(Math.abs(off), { digits: 0 })
  return off < 0 ? `Intervals are too narrow, by up to ${size}` : `Intervals are cautious, by up to ${size}`
}

function calibrationSpec(points: AccuracyFigures['calibration']): ChartSpec {
  const ordered = [...points].sort((a, b) => a.nominal - b.nominal)
  const percent = (value: number) => formatRatio(value, { digits: 0 })
  return {
    x: ordered.map((point) => point.nominal),
    axis: 'number',
    lines: [
      { label: 'As promised', colour: 'rival', shape: 'dashed', values: ordered.map((point) => point.nominal) },
      { label: 'Observed', colour: 'accent', width: 2, values: ordered.map((point) => point.observed) },
    ],
    formatX: percent,
    formatTick: percent,
    formatValue: (value) => formatRatio(value),
    fromZero: true,
  }
}

function twin(points: AccuracyFigures['calibration']): Twin {
  return {
    columns: ['Promised', 'Observed'],
    rows: points.map(({ nominal, observed }) => [formatRatio(nominal), formatRatio(observed)]),
  }
}
