import type { Driver } from '~/api/types'
import { formatMoneyBrief, formatRatio } from '~/lib/format'
import { approximate, signOf } from '~/lib/money'
import { channelName, countryName, splitCategory } from '~/lib/names'
import { AppLink } from '~/ui/app-link'
import { Panel } from '~/ui/panel'
import styles from './drivers.module.css'

const DIMENSIONS: Record<Driver['dimension'], string> = {
  category: 'Category',
  sku: 'Product',
  channel: 'Channel',
  country: 'Country',
}

function nameOf({ dimension, name }: Driver): string {
  if (dimension === 'country') return countryName(name)
  if (dimension === 'category') return splitCategory(name)[0]
  return dimension === 'channel' ? channelName(name) : name
}

/** "Category · Home Textiles": what it is, and where it belongs. */
function kindOf({ dimension, name }: Driver): string {
  const parents = dimension === 'category' ? splitCategory(name)[1] : ''
  return [DIMENSIONS[dimension], parents].filter(Boolean).join(' · ')
}

/** What goes against the net change is said in a word: a minus beside a minus would be a riddle. */
function shareOf(share: number): string {
  const percent = formatRatio(Math.abs(share), { digits: 0 })
  return share < 0 ? `offsets ${percent}` : percent
}

function linkOf({ dimension, name, sku }: Driver): string | null {
  if (sku !== null) return `/products/${encodeURIComponent(sku)}`
  if (dimension === 'category') return `/products?category=${encodeURIComponent(name)}`
  return null
}

/** What moved net revenue, largest first. Dimensions overlap, so shares do not add up to 100 %. */
export function Drivers({ drivers }: { drivers: readonly Driver[] }) {
  const largest = Math.max(...drivers.map((driver) => Math.abs(approximate(driver.change))))
  return (
    <Panel title="What moved revenue" subtitle="Change, and its share of the whole">
      <ul className={styles.list}>
        {drivers.map((driver) => (
          <li key={`${driver.dimension} ${driver.name}`}>
            <Row driver={driver} width={Math.abs(approximate(driver.change)) / (largest || 1)} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Row({ driver, width }: { driver: Driver; width: number }) {
  const link = linkOf(driver)
  const name = nameOf(driver)
  const tone = signOf(driver.change) < 0 ? 'loss' : 'gain'
  return (
    <div className={styles.row}>
      <div className={styles.names}>
        <span className={styles.name} title={driver.name}>
          {link === null ? name : <AppLink href={link}>{name}</AppLink>}
        </span>
        <span className={styles.dimension}>{kindOf(driver)}</span>
      </div>
      <div className={styles.bar} aria-hidden>
        <div className={styles[tone]} style={{ width: `${Math.max(2, width * 100)}%` }} />
      </div>
      <div className={styles.figures}>
        <span className={styles.change}>{formatMoneyBrief(driver.change, true)}</span>
        <span className={styles.share}>{shareOf(driver.share)}</span>
      </div>
    </div>
  )
}
