import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { sentenceOf } from '~/api/problem'
import type { Scenario, Simulation } from '~/api/simulation'
import { simulationQuery } from '~/api/simulation'
import type { DemandDriver, ProductDetail } from '~/api/types'
import { isTold, sentenceOfDriver } from '~/areas/products/detail/driver'
import { QuestionForm, QuestionPanel } from '~/areas/products/detail/question'
import { scenarioOf } from '~/areas/products/detail/scenario'
import { SimulationTable } from '~/areas/products/detail/simulation-table'
import { StockOutChart } from '~/areas/products/detail/stock-out-chart'
import { addDays, type Day, dayIn } from '~/lib/days'
import { formatChance, formatCount } from '~/lib/format'
import { lowerFirst, sentence } from '~/lib/prose'
import { Checkbox, TextInput } from '~/ui/fields'
import { BoneRows } from '~/ui/skeleton'
import { useMe } from '~/ui/use-me'
import { useNow } from '~/ui/use-now'
import styles from './question.module.css'

const HORIZON_DAYS = 28

/** Several things changed at once, lived through in many futures, beside the plan as it stands. */
export function Simulator({ product }: { product: ProductDetail }) {
  return (
    <QuestionPanel<Scenario>
      title="What if several things change"
      subtitle={`The next ${HORIZON_DAYS} days, simulated. What you leave empty stays as it is`}
      product={product}
      form={(ask) => <Questions product={product} onAsk={ask} />}
      basis={product.price_model && <Drivers drivers={product.price_model.drivers} />}
      answer={(scenario) => <Answer sku={product.sku} scenario={scenario} />}
    />
  )
}

function Questions({ product, onAsk }: { product: ProductDetail; onAsk: (scenario: Scenario) => void }) {
  const { currency, time_zone: zone } = useMe().merchant
  const tomorrow: Day = addDays(dayIn(zone, useNow()), 1)
  return (
    <QuestionForm verb="Simulate" read={(form) => scenarioOf(form, tomorrow, HORIZON_DAYS)} onAsk={onAsk}>
      <TextInput
        size="xs"
        name="price"
        label={`Price, ${currency}`}
        inputMode="decimal"
        placeholder={product.price?.amount ?? ''}
      />
      <TextInput
        size="xs"
        name="unit_cost"
        label={`Unit cost, ${currency}`}
        inputMode="decimal"
        placeholder={product.cost?.amount ?? ''}
      />
      <TextInput size="xs" name="rival_price" label={`Cheapest rival, ${currency}`} inputMode="decimal" />
      <TextInput
        size="xs"
        name="stock_units"
        label="Stock, units"
        inputMode="numeric"
        placeholder={product.stock === null ? '' : String(product.stock)}
      />
      <TextInput size="xs" name="delivered_units" label="Delivery, units" inputMode="numeric" />
      <TextInput size="xs" name="delivery_days" label="Arrives in, days" inputMode="numeric" placeholder="7" />
      <Checkbox size="xs" name="promotion" label="Promoted all the time" className={styles.check} />
    </QuestionForm>
  )
}

/** What the simulation takes promotions and rivals to do. */
function Drivers({ drivers }: { drivers: DemandDriver[] }) {
  const told = drivers.filter(isTold)
  if (told.length === 0) return null
  return <p className={styles.basis}>{told.map(sentenceOfDriver).join(' ')}</p>
}

function Answer({ sku, scenario }: { sku: string; scenario: Scenario }) {
  const simulation = useQuery(simulationQuery(sku, scenario))
  if (simulation.isPending) return <BoneRows rows={4} />
  if (simulation.isError) return <p className={styles.warning}>{sentenceOf(simulation.error)}</p>
  return <Outcome simulation={simulation.data} isOld={simulation.isPlaceholderData} />
}

function Outcome({ simulation, isOld }: { simulation: Simulation; isOld: boolean }) {
  const { difference, warnings, violations, draws } = simulation
  const measure = difference.margin === null ? 'revenue' : 'margin'
  return (
    <div aria-live="polite" aria-busy={isOld} data-old={isOld || undefined} className={styles.answer}>
      <SimulationTable simulation={simulation} />
      <p className={styles.note}>
        More {measure} than with the plan as it stands: {lowerFirst(formatChance(difference.probability_better))}. Both
        plans were lived through in the same {formatCount(draws)} futures.
      </p>
      {[...warnings.map((each) => each.message), ...violations.map((each) => each.message)].map((message) => (
        <p key={message} className={styles.warning}>
          <IconAlertTriangle size={14} aria-hidden /> {sentence(message)}
        </p>
      ))}
      <StockOutChart simulation={simulation} />
    </div>
  )
}
