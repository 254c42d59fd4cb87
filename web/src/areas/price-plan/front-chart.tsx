import { useElementSize } from '@mantine/hooks'
import type { PlanTotals } from '~/api/price-plan'
import { formatMoney, formatMoneyNumber, formatRatio, plural } from '~/lib/format'
import { approximate } from '~/lib/money'
import styles from './price-plan.module.css'

type Props = {
  points: readonly PlanTotals[]
  today: PlanTotals
  chosen: number
  onChoose: (place: number) => void
}

const HEIGHT = 290
const WIDTH_MIN = 280
/** Pixels that a label needs. */
const TICK_EVERY = 130
const EDGE = { left: 64, right: 20, top: 16, bottom: 40 }

/** How the prices of a point stand to today's: its colour. */
function levelOf({ price_index: index }: PlanTotals): 'lower' | 'same' | 'higher' {
  return index < 0.995 ? 'lower' : index > 1.005 ? 'higher' : 'same'
}

const LEVELS = { lower: 'Lower prices', same: 'Prices as today', higher: 'Higher prices' } as const

/** Each dot is a set of prices for the whole shop that no other one beats; the ring is today. */
export function FrontChart({ points, today, chosen, onChoose }: Props) {
  const { ref, width: measured } = useElementSize()
  const width = Math.max(measured, WIDTH_MIN)
  const all = [...points, today]
  const x = scale(
    all.map(({ revenue }) => approximate(revenue)),
    EDGE.left,
    width - EDGE.right,
    width / TICK_EVERY,
  )
  const y = scale(
    all.map(({ margin }) => approximate(margin)),
    HEIGHT - EDGE.bottom,
    EDGE.top,
    4,
  )
  const currency = today.revenue.currency
  const money = (value: number) => formatMoneyNumber(value, currency, { precision: 'whole' })
  const at = (point: PlanTotals) => [x.place(approximate(point.revenue)), y.place(approximate(point.margin))] as const
  const [nowX, nowY] = at(today)
  return (
    <figure ref={ref} className={styles.figure}>
      <div role="radiogroup" aria-label="Margin by revenue of every point">
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} className={styles.chart}>
          <title>Margin by revenue</title>
          {y.ticks.map((tick) => (
            <g key={tick} aria-hidden>
              <line
                x1={EDGE.left}
                x2={width - EDGE.right}
                y1={y.place(tick)}
                y2={y.place(tick)}
                className={styles.grid}
              />
              <text x={EDGE.left - 8} y={y.place(tick) + 4} textAnchor="end" className={styles.tick}>
                {money(tick)}
              </text>
            </g>
          ))}
          {x.ticks.map((tick) => (
            <text
              key={tick}
              x={x.place(tick)}
              y={HEIGHT - EDGE.bottom + 18}
              textAnchor="middle"
              className={styles.tick}
              aria-hidden
            >
              {money(tick)}
            </text>
          ))}
          <text x={width - EDGE.right} y={HEIGHT - 4} textAnchor="end" className={styles.axis} aria-hidden>
            Revenue
          </text>
          <text x={EDGE.left} y={EDGE.top - 4} textAnchor="start" className={styles.axis} aria-hidden>
            Margin
          </text>
          {points.map((point, place) => {
            const [cx, cy] = at(point)
            const isChosen = place === chosen
            return (
              // biome-ignore lint/a11y/useSemanticElements: a dot of a chart cannot be an input.
              <g
                key={`${point.revenue.amount} ${point.margin.amount} ${point.price_index}`}
                role="radio"
                aria-checked={isChosen}
                aria-label={spoken(point)}
                tabIndex={isChosen ? 0 : -1}
                className={styles.point}
                data-level={levelOf(point)}
                data-chosen={isChosen || undefined}
                onClick={() => onChoose(place)}
                onKeyDown={(event) => {
                  const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key]
                  if (step === undefined) return
                  event.preventDefault()
                  const next = (place + step + points.length) % points.length
                  onChoose(next)
                  const dots = event.currentTarget.parentElement?.querySelectorAll<SVGGElement>('[role=radio]')
                  dots?.[next]?.focus()
                }}
              >
                <title>{spoken(point)}</title>
                <circle cx={cx} cy={cy} r={13} className={styles.reach} />
                <circle cx={cx} cy={cy} r={isChosen ? 7 : 5} className={styles.dot} />
              </g>
            )
          })}
          <g aria-hidden>
            <circle cx={nowX} cy={nowY} r={6} className={styles.today} />
            <text x={nowX + 10} y={nowY + 4} className={styles.axis}>
              Today
            </text>
          </g>
        </svg>
      </div>
      <figcaption className={styles.legend}>
        {(['lower', 'same', 'higher'] as const).map((level) => (
          <span key={level} className={styles.key} data-level={level}>
            {LEVELS[level]}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

function spoken(point: PlanTotals): string {
  const index = formatRatio(point.price_index - 1, { signed: true })
  return `Revenue ${formatMoney(point.revenue)}, margin ${formatMoney(point.margin)}, prices ${index}, ${plural(point.changes, 'change')}`
}

/** From amounts to places, with a little room and a few round ticks. */
function scale(values: readonly number[], from: number, to: number, ticksMax: number) {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const room = (high - low || Math.abs(high) || 1) * 0.08
  const [least, most] = [low - room, high + room]
  const step = niceStep((most - least) / Math.max(ticksMax, 1))
  const ticks: number[] = []
  for (let tick = Math.ceil(least / step) * step; tick <= most; tick += step) ticks.push(tick)
  return { ticks, place: (value: number) => from + ((value - least) / (most - least)) * (to - from) }
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  return ([1, 2, 5].find((each) => each * power >= raw) ?? 10) * power
}
