import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { sentenceOf } from '~/api/problem'
import { type Season, type SeasonQuestion, seasonQuery } from '~/api/season'
import type { ProductDetail } from '~/api/types'
import { QuestionForm, QuestionPanel } from '~/areas/products/detail/question'
import { seasonOf } from '~/areas/products/detail/season-question'
import { LineChart } from '~/charts/line-chart'
import type { ChartSpec } from '~/charts/spec'
import { addDays, type Day, dayIn, dayOfSeconds, daySeconds, formatDay } from '~/lib/days'
import { formatChance, formatExpected, formatMoney, formatMoneyBrief, formatMoneyNumber } from '~/lib/format'
import { lowerFirst } from '~/lib/prose'
import { DataTable } from '~/ui/data-table'
import { TextInput } from '~/ui/fields'
import { BoneRows } from '~/ui/skeleton'
import { useMe } from '~/ui/use-me'
import { useNow } from '~/ui/use-now'
import styles from './question.module.css'

const USUAL_DAYS = 28
const DAYS_MAX = 180

/** A stock that must be gone by a day: the course of prices that brings most. */
export function SeasonPlanner({ product }: { product: ProductDetail }) {
  return (
    <QuestionPanel<SeasonQuestion>
      title="Sell off by a day"
      subtitle="The course of prices that brings most: dearer while it sells well, cheaper as the day comes near"
      product={product}
      form={(ask) => <Questions product={product} onAsk={ask} />}
      answer={(question) => <Answer sku={product.sku} question={question} />}
    />
  )
}

function Questions({ product, onAsk }: { product: ProductDetail; onAsk: (question: SeasonQuestion) => void }) {
  const { currency, time_zone: zone } = useMe().merchant
  const tomorrow: Day = addDays(dayIn(zone, useNow()), 1)
  return (
    <QuestionForm verb="Plan" read={(form) => seasonOf(form, tomorrow)} onAsk={onAsk}>
      <TextInput
        size="xs"
        type="date"
        name="until"
        label="Last day"
        min={tomorrow}
        max={addDays(tomorrow, DAYS_MAX - 1)}
        defaultValue={addDays(tomorrow, USUAL_DAYS - 1)}
      />
      <TextInput
        size="xs"
        name="stock_units"
        label="Units to sell"
        inputMode="numeric"
        placeholder={product.stock === null ? '' : String(product.stock)}
      />
      <TextInput
        size="xs"
        name="leftover_value"
        label={`Worth of one left, ${currency}`}
        inputMode="decimal"
        placeholder="0"
      />
    </QuestionForm>
  )
}

function Answer({ sku, question }: { sku: string; question: SeasonQuestion }) {
  const season = useQuery(seasonQuery(sku, question))
  if (season.isPending) return <BoneRows rows={4} />
  if (season.isError) return <p className={styles.warning}>{sentenceOf(season.error)}</p>
  return <Outcome season={season.data} isOld={season.isPlaceholderData} />
}

function Outcome({ season, isOld }: { season: Season; isOld: boolean }) {
  const spec = useMemo(() => priceSpec(season), [season])
  const last = season.days.at(-1)
  return (
    <div aria-live="polite" aria-busy={isOld} data-old={isOld || undefined} className={styles.answer}>
      <p className={styles.note}>
        {Number(season.price.amount) === Number(season.price_now.amount)
          ? `Keep ${formatMoney(season.price)} for now`
          : `Ask ${formatMoney(season.price)} tomorrow instead of ${formatMoney(season.price_now)}`}
        {season.binding && `, as far as ${season.binding} allows`}
        {last && `, and about ${formatMoneyNumber(last.price, season.price.currency)} at the end`}.
      </p>
      <DataTable
        label="What the course of prices brings, beside one price all along"
        columns={[
          { title: `Of ${season.stock_units} units` },
          { title: 'The course', isNumber: true },
          { title: 'One price', isNumber: true },
        ]}
        empty=""
        rows={[
          {
            key: 'value',
            cells: [
              { text: 'Brings', note: 'with what is left' },
              formatMoneyBrief(season.value),
              { text: formatMoneyBrief(season.best_fixed_value), note: `at ${formatMoney(season.best_fixed_price)}` },
            ],
          },
          { key: 'revenue', cells: ['Revenue', formatMoneyBrief(season.revenue), ''] },
          { key: 'sold', cells: ['Sells', formatExpected(season.sold_units), ''] },
          { key: 'left', cells: ['Left at the end', formatExpected(season.left_units), ''] },
        ]}
      />
      <p className={styles.note}>
        Nothing left at the end: {lowerFirst(formatChance(season.sell_out_probability))}. Prices after the first day are
        means; plan again as the stock goes.
      </p>
      <figure>
        <figcaption className={styles.caption}>Mean price asked</figcaption>
        <LineChart spec={spec} height={140} label="Mean price asked, by day" />
      </figure>
    </div>
  )
}

function priceSpec({ days, price: { currency } }: Season): ChartSpec {
  const money = (value: number) => formatMoneyNumber(value, currency)
  return {
    x: days.map(({ day }) => daySeconds(day)),
    axis: 'days',
    lines: [{ label: 'Price', colour: 'accent', values: days.map(({ price }) => price) }],
    formatX: (at) => formatDay(dayOfSeconds(at), 'weekday'),
    formatTick: money,
    formatValue: money,
    fromZero: false,
  }
}
