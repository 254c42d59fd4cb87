import type { ProductDetail } from '~/api/types'
import { formatCount } from '~/lib/format'
import styles from './forecast-parts.module.css'

const NAMES: Record<string, string> = {
  level: 'Recent level',
  trend: 'Trend',
  season: 'Season',
  price: 'Price',
  promotion: 'Promotion',
  season_of_year: 'Season of the year',
  holidays: 'Holidays',
}
const HINTS: Record<string, string> = {
  level: 'What these days would sell if they were like the last ones',
  trend: 'How far the models expect demand to move from there',
  season: 'These weekdays, and what else comes round',
  price: 'A price that is not what it usually is',
  promotion: 'More or fewer promotions than usual',
  season_of_year: 'More or fewer sales at this time of the year than now, as the shop shows it',
  holidays: 'Holidays, selling events and the days around them',
}
/** As shown: one decimal. */
const shown = (units: number) => Math.round(units * 10) / 10

/** What a forecast is made of; the parts add up to it. */
export function ForecastParts({ demand }: Pick<ProductDetail, 'demand'>) {
  const [level, ...rest] = demand.parts
  if (level === undefined) return null
  const told = rest.map((part) => ({ ...part, units: shown(part.units) })).filter((part) => part.units !== 0)
  const sum = shown(demand.parts.reduce((units, part) => units + part.units, 0))
  // The level takes what rounding leaves, so that the shown parts give the shown sum.
  const others = told.reduce((units, part) => units + part.units, 0)
  return (
    <dl className={styles.parts} aria-label={`What the next ${level.days} days are made of, in units`}>
      <Part cause={level.cause} units={formatCount(sum - others, 1)} />
      {told.map((part) => (
        <Part key={part.cause} cause={part.cause} units={signed(part.units)} />
      ))}
      <div className={styles.part} data-sum>
        <dt>{level.days} days</dt>
        <dd>{formatCount(sum, 1)} units</dd>
      </div>
    </dl>
  )
}

function Part({ cause, units }: { cause: string; units: string }) {
  return (
    <div className={styles.part} title={HINTS[cause]}>
      <dt>{NAMES[cause] ?? cause}</dt>
      <dd>{units}</dd>
    </div>
  )
}

function signed(units: number): string {
  return `${units < 0 ? '−' : '+'}${formatCount(Math.abs(units), 1)}`
}
