import type { Driver } from '~/api/types'
import { formatMoneyBrief, formatRatio } from '~/lib/format'
import { approximate, signOf } from '~/lib/money'
import { channelName, countryName } from '~/lib/names'
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
  return dimension === 'channel' ? channelName(name) : name
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
    <Panel title="What moved revenue" subtitle="Change against the comparison, share of the net change">
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
        <span className={styles.name} title={name}>
          {link === null ? name : <AppLink href={link}>{name}</AppLink>}
        </span>
        <span className={styles.dimension}>{DIMENSIONS[driver.dimension]}</span>
      </div>
      <div className={styles.bar} aria-hidden>
        <div className={styles[tone]} style={{ width: `${Math.max(2, width * 100)}%` }} />
      </div>
      <div className={styles.figures}>
        <span className={styles.change}>{formatMoneyBrief(driver.change, true)}</span>
        <span className={styles.share}>{formatRatio(driver.share, { digits: 0, signed: true })}</span>
      </div>
    </div>
  )
}
