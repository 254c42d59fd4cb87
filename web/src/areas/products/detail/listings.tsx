import type { ProductDetail } from '~/api/types'
import { formatMoney } from '~/lib/format'
import { channelName } from '~/lib/names'
import { Panel } from '~/ui/panel'
import styles from './side.module.css'

/** Where the Sku is sold, under which listing and at what price. */
export function Listings({ stores }: Pick<ProductDetail, 'stores'>) {
  return (
    <Panel title="Where it is sold" flush>
      {stores.length === 0 ? (
        <p className={styles.none}>No listing has been seen yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={styles.scroll} tabIndex={0} aria-label="Where it is sold, scrollable">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Store</th>
                <th scope="col">Channel</th>
                <th scope="col">Listing</th>
                <th scope="col">Price</th>
              </tr>
            </thead>
            <tbody>
              {stores.map(({ store, channel, price, listing }) => (
                <tr key={`${store} ${channel}`}>
                  <td>{store}</td>
                  <td>{channelName(channel)}</td>
                  <td>{listing ?? '–'}</td>
                  <td>{price ? formatMoney(price) : '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  )
}
