import { Button } from '@mantine/core'
import { IconChartDots } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { ElasticityDetail, ProductDetail } from '~/api/types'
import { WhatIfPanel } from '~/areas/products/detail/what-if'
import { ChartPanel } from '~/charts/chart-panel'
import { LineChart } from '~/charts/line-chart'
import { formatCount, formatMoneyNumber, formatRatio, plural } from '~/lib/format'
import { sentence } from '~/lib/prose'
import { FilterTabs } from '~/ui/filter-tabs'
import { Panel } from '~/ui/panel'
import { EmptyState } from '~/ui/states'
import { CURVE_TITLES, type CurveMeasure, curveSpec, curveTwin } from './curve'

/** The demand curve, the prices never tried, and what another price would do. */
export function PriceLab({ product }: { product: ProductDetail }) {
  if (product.price_model === null || product.price_model.curve.length === 0) {
    return (
      <Panel title="The effect of the price is not known">
        <EmptyState
          icon={IconChartDots}
          title="Too few different prices so far"
          action={
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/price-tests" search={{ open: product.sku }} {...props} />}
            >
              See price tests
            </Button>
          }
        >
          {product.price_model
            ? sentence(product.price_model.reason)
            : 'Nobody can tell from one price what another would do.'}{' '}
          A short price test finds out.
        </EmptyState>
      </Panel>
    )
  }
  return <Lab sku={product.sku} elasticity={product.price_model} />
}

function Lab({ sku, elasticity }: { sku: string; elasticity: ElasticityDetail }) {
  const { currency, advice, current_price: now } = elasticity
  const [price, setPrice] = useState(() =>
    advice.kind === 'reprice' && advice.price ? Number(advice.price.amount) : now,
  )
  const [measure, setMeasure] = useState<CurveMeasure>(elasticity.unit_cost === null ? 'revenue' : 'margin')
  const spec = useMemo(() => curveSpec(elasticity, measure, price), [elasticity, measure, price])
  const title = finding(elasticity)
  const measures: CurveMeasure[] = elasticity.unit_cost === null ? ['revenue', 'units'] : ['margin', 'revenue', 'units']
  return (
    <ChartPanel
      title={title}
      subtitle={<Basis elasticity={elasticity} />}
      twin={() => curveTwin(elasticity)}
      actions={
        <FilterTabs
          look="segments"
          label="Show"
          value={measure}
          onChange={setMeasure}
          options={measures.map((value) => ({ value, title: CURVE_TITLES[value] }))}
        />
      }
    >
      <LineChart
        spec={spec}
        height={232}
        onChoose={setPrice}
        label={`${title}. Expected ${CURVE_TITLES[measure].toLowerCase()} in 28 days by price; now ${formatMoneyNumber(now, currency)}.`}
      />
      <WhatIfPanel sku={sku} elasticity={elasticity} price={price} onPrice={setPrice} />
    </ChartPanel>
  )
}

/** How much it rests on, in one line; the words of the model on hover. */
function Basis({ elasticity: { prices, observations, support, currency, reason } }: { elasticity: ElasticityDetail }) {
  const money = (value: number) => formatMoneyNumber(value, currency)
  return (
    <span title={sentence(reason)}>
      From {plural(prices, 'price')} tried, {money(support.low)}–{money(support.high)}, over{' '}
      {plural(observations, 'period')}
    </span>
  )
}

function finding({ identified, elasticity, low95, high95 }: ElasticityDetail): string {
  if (!identified) return 'The effect of the price is uncertain'
  const each = `${formatRatio(Math.abs(elasticity) / 100, { digits: 1 })}`
  const range = `${formatCount(Math.abs(high95), 1)}–${formatCount(Math.abs(low95), 1)}`
  return `A price 1% higher sells ${each} less (${range})`
}
