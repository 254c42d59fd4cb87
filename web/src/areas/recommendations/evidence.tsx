import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import type { Evidence, Recommendation } from '~/api/types'
import { railName } from '~/areas/recommendations/words'
import { formatCount, formatMoney } from '~/lib/format'
import { modelName } from '~/lib/names'
import { prose, sentence } from '~/lib/prose'
import { AppLink } from '~/ui/app-link'
import styles from './evidence.module.css'

/** The numbers a recommendation or an alert rests on. */
export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }) {
  // A link to the page one is on leads nowhere.
  const here = useLocation({ select: (location) => location.pathname })
  if (evidence.length === 0) return null
  return (
    <section>
      <h3 className={styles.heading}>Evidence</h3>
      <dl>
        {evidence.map(({ label, value, unit, link }) => {
          const text = inWords({ value, unit })
          return (
            <div key={label} className={styles.row}>
              <dt>{label}</dt>
              <dd>{link === null || link === here ? text : <AppLink href={link}>{text}</AppLink>}</dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}

/** The limits it was held against. */
export function GuardRails({ recommendation }: { recommendation: Recommendation }) {
  const { guard_rails: rails, impact } = recommendation
  if (rails.length === 0) return null
  return (
    <section>
      <h3 className={styles.heading}>Guard rails</h3>
      <ul>
        {unlike(rails).map(({ name, passed, text }) => {
          const Glyph = passed ? IconCheck : IconAlertTriangle
          return (
            <li key={`${name} ${text}`} className={styles.rail} data-passed={passed}>
              <Glyph size={14} stroke={2.2} aria-label={passed ? 'Passed' : 'Look at this'} role="img" />
              <span>
                <strong>{railName(name)}.</strong>{' '}
                {sentence(PRICE_RAILS.has(name) ? withPrices(text, impact.currency) : text)}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Limits on a price: a bare number in them is an amount of the recommendation's currency. */
const PRICE_RAILS: ReadonlySet<string> = new Set([
  'margin_floor',
  'max_price',
  'min_price',
  'observed_prices',
  'rival_band',
])

function withPrices(text: string, currency: string): string {
  return text.replace(/(?<![\w.,\p{Sc}])\d+(?:\.\d+)?(?![.,]?\d| ?[\w%])/gu, (amount) => `${amount} ${currency}`)
}

/** Two steps of the computation may have met the same limit with the same result: it is told once. */
function unlike(rails: Recommendation['guard_rails']): Recommendation['guard_rails'] {
  return rails.filter(
    (rail, index) => rails.findIndex((each) => each.name === rail.name && each.text === rail.text) === index,
  )
}

const DECIMAL = /^-?\d+(\.\d+)?$/
const CURRENCY = /^[A-Z]{3}$/

/** "3857.25" of "GBP" → "£3,857.25"; a name of a model in plain words. */
function inWords({ value, unit }: Pick<Evidence, 'value' | 'unit'>): string {
  if (unit === null) return prose(modelName(value))
  if (!DECIMAL.test(value)) return prose(`${value} ${unit}`)
  if (CURRENCY.test(unit)) return formatMoney({ amount: value, currency: unit })
  const count = formatCount(Number(value), 2)
  return unit === '%' ? `${count}%` : prose(`${count} ${unit}`)
}
