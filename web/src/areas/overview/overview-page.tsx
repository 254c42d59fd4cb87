import { Button } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { overviewQuery } from '~/api/overview'
import type { Overview } from '~/api/types'
import { useRange } from '~/app/use-range'
import { Drivers } from '~/areas/overview/drivers'
import { Headlines } from '~/areas/overview/headlines'
import { KpiStrip } from '~/areas/overview/kpi-strip'
import { Opportunities } from '~/areas/overview/opportunities'
import { OverviewSkeleton } from '~/areas/overview/overview-skeleton'
import { RecentAlerts } from '~/areas/overview/recent-alerts'
import { RevenueTrend } from '~/areas/overview/revenue-trend'
import { formatDayRange } from '~/lib/days'
import { Page } from '~/ui/page'
import { EmptyState, ErrorState } from '~/ui/states'
import styles from './overview.module.css'

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
  const hasDrivers = overview.drivers.length > 0
  return (
    <div className={styles.content} data-old={isOld || undefined} aria-busy={isOld}>
      <Headlines headlines={overview.headlines} />
      <KpiStrip kpis={overview.kpis} />
      <div className={hasDrivers ? styles.split : styles.content}>
        <RevenueTrend overview={overview} />
        {hasDrivers && <Drivers drivers={overview.drivers} />}
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
