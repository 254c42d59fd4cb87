import type { PriceTestPlan } from '~/api/price-tests'
import { pricesOf } from '~/areas/price-tests/words'
import { formatChance, formatCount, formatMoneyBrief, formatMoneyInterval, formatRatio, plural } from '~/lib/format'
import { lowerFirst } from '~/lib/prose'
import styles from './price-tests.module.css'

/** What a test does, costs and teaches. */
export function PlanFacts({ plan }: { plan: PriceTestPlan }) {
  const { cost, value } = plan
  return (
    <dl className={styles.facts}>
      <Fact title="Prices">
        {pricesOf(plan)}, up to {formatRatio(plan.price_move, { digits: 0 })} from today
      </Fact>
      <Fact title="Takes">
        {plural(plan.days, 'day')}: {plural(plan.rounds, 'round')} of {plural(plan.round_days, 'day')}, a price holds{' '}
        {plan.blocks === 'half_weeks' ? 'half a week' : plural(plan.block_days, 'day')} at a time
      </Fact>
      <Fact title="Costs">
        about {formatMoneyBrief(cost.expected, true)} against today’s price (
        {formatMoneyInterval(cost.low80, cost.high80)} with 80% probability)
      </Fact>
      <Fact title="Teaches">
        the elasticity to within ±{formatCount(plan.deviation_after, 2)}, from ±{formatCount(plan.deviation_now, 2)} now
      </Fact>
      <Fact title="Is worth">
        about {formatMoneyBrief(value.expected_gain, true)} in {value.horizon_days} days. That the advised price
        changes: {lowerFirst(formatChance(value.probability_price_changes))}
      </Fact>
    </dl>
  )
}

function Fact({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}
