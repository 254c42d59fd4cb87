import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { sentenceOf } from '~/api/problem'
import { whatIfQuery } from '~/api/products'
import type { ElasticityDetail, WhatIf } from '~/api/types'
import {
  formatChance,
  formatExpected,
  formatMoney,
  formatMoneyBrief,
  formatMoneyInterval,
  formatMoneyNumber,
} from '~/lib/format'
import { type Money, parseTyped, signOf } from '~/lib/money'
import { lowerFirst, sentence } from '~/lib/prose'
import { TextInput } from '~/ui/fields'
import { Bone } from '~/ui/skeleton'
import styles from './what-if.module.css'

const SETTLE_MS = 180

type Props = { sku: string; elasticity: ElasticityDetail; price: number; onPrice: (price: number) => void }

function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** A price to try, and what it would do in the next 28 days. */
export function WhatIfPanel({ sku, elasticity, price, onPrice }: Props) {
  const { currency, curve, advice, current_price: now } = elasticity
  const digits = minorDigits(currency)
  const decimal = price.toFixed(digits)
  const settled = useSettled(decimal)
  const answer = useQuery(whatIfQuery(sku, settled))
  const sliderId = useId()
  const low = curve[0]?.price ?? price
  const high = curve.at(-1)?.price ?? price
  const advised = advice.kind === 'reprice' && advice.price ? Number(advice.price.amount) : null
  return (
    <div className={styles.panel}>
      <div className={styles.control}>
        <label htmlFor={sliderId} className={styles.label}>
          What if the price were
        </label>
        <input
          id={sliderId}
          type="range"
          className={styles.slider}
          min={low}
          max={high}
          step={10 ** -digits}
          value={price}
          aria-valuetext={formatMoneyNumber(price, currency)}
          onChange={(event) => onPrice(Number(event.currentTarget.value))}
        />
        <PriceBox key={decimal} decimal={decimal} currency={currency} onPrice={onPrice} />
        {advised !== null && (
          <Button
            variant="light"
            size="compact-sm"
            disabled={decimal === advised.toFixed(digits)}
            onClick={() => onPrice(advised)}
          >
            Advised
          </Button>
        )}
        <Button
          variant="default"
          size="compact-sm"
          disabled={decimal === now.toFixed(digits)}
          onClick={() => onPrice(now)}
        >
          Now
        </Button>
      </div>
      {answer.isError ? (
        <p className={styles.warning}>{sentenceOf(answer.error)}</p>
      ) : (
        <Outcome whatIf={answer.data} isOld={answer.isPlaceholderData || settled !== decimal} elasticity={elasticity} />
      )}
    </div>
  )
}

/** The value once it has stopped changing for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

type BoxProps = { decimal: string; currency: string; onPrice: (price: number) => void }

function PriceBox({ decimal, currency, onPrice }: BoxProps) {
  const [text, setText] = useState(decimal)
  const commit = () => {
    const typed = parseTyped(text)
    if (typed !== null && Number(typed) > 0) onPrice(Number(typed))
    else setText(decimal)
  }
  return (
    <TextInput
      size="xs"
      className={styles.box}
      aria-label={`Price to try, ${currency}`}
      inputMode="decimal"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  )
}

type OutcomeProps = { whatIf: WhatIf | undefined; isOld: boolean; elasticity: ElasticityDetail }

function Outcome({ whatIf, isOld, elasticity }: OutcomeProps) {
  const { support, currency } = elasticity
  const range = ` (tried: ${formatMoneyNumber(support.low, currency)}–${formatMoneyNumber(support.high, currency)})`
  return (
    <div aria-live="polite" aria-busy={isOld} data-old={isOld || undefined} className={styles.outcome}>
      <dl className={styles.figures}>
        <Figure
          title="Units, 28 days"
          value={whatIf && formatExpected(whatIf.units)}
          interval={whatIf && `${formatExpected(whatIf.units_low80)}–${formatExpected(whatIf.units_high80)}`}
        />
        <Figure
          title="Revenue"
          value={whatIf && formatMoneyBrief(whatIf.revenue)}
          interval={whatIf && formatMoneyInterval(whatIf.revenue_low80, whatIf.revenue_high80)}
        />
        {elasticity.unit_cost !== null && (
          <>
            <Figure
              title="Margin"
              value={whatIf?.margin && formatMoneyBrief(whatIf.margin)}
              interval={
                whatIf?.margin_low80 &&
                whatIf.margin_high80 &&
                formatMoneyInterval(whatIf.margin_low80, whatIf.margin_high80)
              }
            />
            <Figure
              title="Against now"
              tone={toneOf(whatIf?.gain)}
              value={
                whatIf?.gain && (
                  <span title={formatMoney(whatIf.gain, { signed: true })}>{formatMoneyBrief(whatIf.gain, true)}</span>
                )
              }
              interval={
                whatIf?.gain_low80 && whatIf.gain_high80 && formatMoneyInterval(whatIf.gain_low80, whatIf.gain_high80)
              }
            />
          </>
        )}
      </dl>
      {whatIf?.gain && signOf(whatIf.gain) !== 0 && whatIf.probability_gain !== null && (
        <p className={styles.chance}>
          To earn more than at the present price: {lowerFirst(formatChance(whatIf.probability_gain))}.
        </p>
      )}
      {whatIf?.extrapolated && (
        <p className={styles.warning}>
          <IconAlertTriangle size={14} aria-hidden /> You never sold at this price{range}. The curve is a guess here;
          test it first.
        </p>
      )}
      {whatIf?.violations.map(({ rule, message }) => (
        <p key={rule} className={styles.warning}>
          <IconAlertTriangle size={14} aria-hidden /> {sentence(message)}
        </p>
      ))}
    </div>
  )
}

function toneOf(gain: Money | null | undefined): FigureProps['tone'] {
  const sign = gain ? signOf(gain) : 0
  return sign < 0 ? 'loss' : sign > 0 ? 'gain' : undefined
}

type FigureProps = {
  title: string
  /** undefined while the answer is on its way, null where there is none. */
  value: ReactNode
  interval: string | null | undefined
  tone?: 'gain' | 'loss' | undefined
}

function Figure({ title, value, interval, tone }: FigureProps) {
  return (
    <div>
      <dt className={styles.title}>{title}</dt>
      <dd className={styles.value} data-tone={tone}>
        {value === undefined ? <Bone width={64} height={16} /> : (value ?? '–')}
      </dd>
      <dd className={styles.interval}>
        {interval === undefined ? <Bone width={84} height={11} /> : (interval ?? ' ')}
      </dd>
    </div>
  )
}
