import { Button } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { overviewQuery } from '~/api/overview'
import type { Overview } from '~/api/types'
import { useRange } from '~/app/use-range'
import { Breakdown } from '~/areas/overview/breakdown'
import { Drivers } from '~/areas/overview/drivers'
import { Headlines } from '~/areas/overview/headlines'
import { KpiStrip } from '~/areas/overview/kpi-strip'
import { MeasureTrend } from '~/areas/overview/measure-trend'
import { Opportunities } from '~/areas/overview/opportunities'
import { OverviewSkeleton } from '~/areas/overview/overview-skeleton'
import { RecentAlerts } from '~/areas/overview/recent-alerts'
import { RevenueTrend } from '~/areas/overview/revenue-trend'
import { formatDayRange } from '~/lib/days'
import { Page } from '~/ui/page'
import { EmptyState, ErrorState } from '~/ui/states'
import styles from './overview.module.css'

const NET = 'net_revenue'

/** What changed, why, and what to do. */
export function OverviewPage() {
  const { range, compare } = useRange()
  const overview = useQuery(overviewQuery(range, compare))
  if (overview.isPending) return <OverviewSkeleton />
  if (overview.isError) {
    return (
      <Page title="Overview">
        <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
      </Page>
    )
  }
  if (overview.data.freshness.state === 'empty') return <NoData />
  return (
    <Page title="Overview" lead={<Period overview={overview.data} />}>
      <Content overview={overview.data} isOld={overview.isPlaceholderData} />
    </Page>
  )
}

function Content({ overview, isOld }: { overview: Overview; isOld: boolean }) {
  const { compare } = useRange()
  const { measure = NET } = useSearch({ from: '/shell/' })
  const shown = overview.kpis.find((kpi) => kpi.measure === measure) ?? overview.kpis[0]
  const isNet = shown === undefined || shown.measure === NET
  return (
    <div className={styles.content} data-old={isOld || undefined} aria-busy={isOld}>
      <Headlines headlines={overview.headlines} />
      <KpiStrip kpis={overview.kpis} shown={shown?.measure ?? NET} />
      <div className={styles.split}>
        {isNet ? (
          <RevenueTrend overview={overview} compare={compare} />
        ) : (
          <MeasureTrend kpi={shown} range={overview.range} compare={compare} />
        )}
        {isNet && overview.drivers.length > 0 ? (
          <Drivers drivers={overview.drivers} />
        ) : (
          shown && <Breakdown kpi={shown} range={overview.range} compare={compare} />
        )}
      </div>
      <Opportunities recommendations={overview.opportunities} />
      <RecentAlerts alerts={overview.alerts} />
    </div>
  )
}

function Period({ overview }: { overview: Overview }) {
  const { range, comparison } = overview
  return (
    <>
      {formatDayRange(range.from, range.to)}
      {comparison && <span className={styles.against}> against {formatDayRange(comparison.from, comparison.to)}</span>}
    </>
  )
}

function NoData() {
  return (
    <Page title="Overview">
      <EmptyState
        icon={IconFileImport}
        title="Start with one file"
        action={<Button renderRoot={(props) => <Link to="/imports/new" {...props} />}>Import a file</Button>}
      >
        Drop an order export from Etsy, Shopify, Amazon or eBay, or any table of orders. You see what sells, what will
        sell and what to reprice a minute later. Nothing leaves this machine.
      </EmptyState>
    </Page>
  )
}
