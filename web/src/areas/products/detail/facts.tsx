import type { ReactNode } from 'react'
import type { ProductDetail } from '~/api/types'
import { formatDay } from '~/lib/days'
import { formatCount, formatMoney, formatMoneyBrief, formatRatio, plural } from '~/lib/format'
import { Delta } from '~/ui/delta'
import styles from './facts.module.css'

/** The product in one line of numbers. */
export function Facts({ product }: { product: ProductDetail }) {
  const { price, cost, margin_rate: margin, stock, stock_plan: plan } = product
  const cover = plan.cover_days
  return (
    <dl className={styles.strip}>
      <Fact
        title="Price"
        value={price ? formatMoney(price) : null}
        note={cost ? `Cost ${formatMoney(cost)}` : 'Cost not known'}
      />
      <Fact title="Margin" value={margin === null ? null : formatRatio(margin)} note="of the price" />
      <Fact
        title="Stock"
        value={stock === null ? null : formatCount(stock)}
        note={cover === null ? 'Cover not known' : cover > 365 ? 'Lasts over a year' : `Lasts ${plural(cover, 'day')}`}
      />
      <Fact
        title="Runs out"
        value={plan.stock_out_day === null ? 'Not in sight' : formatDay(plan.stock_out_day, 'short')}
        note={`Delivery takes ${plural(plan.lead_time_days, 'day')}`}
      />
      <Fact
        title="Revenue, 30 days"
        value={formatMoneyBrief(product.revenue_30d)}
        note={<Delta ratio={product.revenue_delta} title="Against the 30 days before" />}
      />
      <Fact
        title="Units, 30 days"
        value={formatCount(product.units_30d)}
        note={`${formatCount(product.units_30d / 30, 1)} a day`}
      />
      <Fact
        title="Expected, 28 days"
        value={product.forecast_units_28d === null ? null : plural(product.forecast_units_28d, 'unit')}
        note={
          product.forecast_units_28d === null
            ? 'Not enough data'
            : `${formatCount(product.forecast_units_28d / 28, 1)} a day`
        }
      />
    </dl>
  )
}

function Fact({ title, value, note }: { title: string; value: string | null; note: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt className={styles.title}>{title}</dt>
      <dd className={value === null ? styles.none : styles.value}>{value ?? 'Unknown'}</dd>
      <dd className={styles.note}>{note}</dd>
    </div>
  )
}
