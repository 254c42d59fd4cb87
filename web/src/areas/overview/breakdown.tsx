import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { measureQuery } from '~/api/measures'
import type { Compare, Kpi, Overview } from '~/api/types'
import { channelName, countryName, splitCategory } from '~/lib/names'
import { AppLink } from '~/ui/app-link'
import { Delta } from '~/ui/delta'
import { FilterTabs } from '~/ui/filter-tabs'
import { formatMeasure } from '~/ui/measure-format'
import { Panel } from '~/ui/panel'
import { BoneRows } from '~/ui/skeleton'
import { ErrorState } from '~/ui/states'
import styles from './breakdown.module.css'

const DIMENSIONS = { category: 'Category', sku: 'Product', channel: 'Channel', country: 'Country' } as const
type Dimension = keyof typeof DIMENSIONS
const CHOICES: readonly Dimension[] = ['category', 'sku', 'channel', 'country']
const ROWS_MAX = 8

function isDimension(text: string | undefined): text is Dimension {
  return text !== undefined && Object.hasOwn(DIMENSIONS, text)
}

type Props = { kpi: Kpi; range: Overview['range']; compare: Compare }

/** What a key figure is made of, largest first; each part leads to its rows. */
export function Breakdown({ kpi, range, compare }: Props) {
  const search = useSearch({ from: '/shell/' })
  const navigate = useNavigate({ from: '/' })
  const by = isDimension(search.by) ? search.by : 'category'
  const { measure } = kpi
  const answer = useQuery(measureQuery({ measures: [measure], ...range, by, compare, limit: ROWS_MAX }))
  // What is kept on screen while the next answer is on its way may be of another measure.
  const rows = answer.data?.columns[0] === measure && !answer.isPlaceholderData ? answer.data.rows : undefined
  const largest = Math.max(...(rows ?? []).map((row) => Math.abs(row.values[measure] ?? 0))) || 1
  return (
    <Panel title={`${kpi.title} by ${DIMENSIONS[by].toLowerCase()}`}>
      <FilterTabs
        look="segments"
        label="Split by"
        value={by}
        onChange={(next) =>
          void navigate({ search: (now) => ({ ...now, by: next }), replace: true, resetScroll: false })
        }
        options={CHOICES.map((value) => ({ value, title: DIMENSIONS[value] }))}
      />
      {answer.isError ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : rows === undefined ? (
        <BoneRows rows={ROWS_MAX} height={36} />
      ) : (
        <ul className={styles.list}>
          {rows.map(({ key, values, previous }) => {
            const value = values[measure] ?? null
            const before = previous[measure] ?? null
            return (
              <li key={key ?? ''} className={styles.row}>
                <Name by={by} code={key} />
                <span className={styles.value}>{value === null ? '–' : formatMeasure(kpi, value)}</span>
                {compare !== 'none' && (
                  <span className={styles.change}>
                    <Delta
                      ratio={
                        value === null || before === null || before === 0 ? null : (value - before) / Math.abs(before)
                      }
                      better={kpi.better}
                      title={before === null ? 'Nothing to compare with' : `From ${formatMeasure(kpi, before)}`}
                    />
                  </span>
                )}
                <span className={styles.track} aria-hidden>
                  <span className={styles.bar} style={{ width: `${(Math.abs(value ?? 0) / largest) * 100}%` }} />
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}

function Name({ by, code }: { by: Dimension; code: string | null }) {
  if (code === null || code === '') return <span className={styles.name}>Not known</span>
  if (by === 'channel') return <span className={styles.name}>{channelName(code)}</span>
  if (by === 'country') return <span className={styles.name}>{countryName(code)}</span>
  const href = by === 'sku' ? `/products/${encodeURIComponent(code)}` : `/products?category=${encodeURIComponent(code)}`
  return (
    <span className={styles.name} title={code}>
      <AppLink href={href}>{by === 'sku' ? code : splitCategory(code)[0]}</AppLink>
    </span>
  )
}
