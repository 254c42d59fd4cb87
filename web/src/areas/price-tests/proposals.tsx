import { Button } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PriceTestProposal } from '~/api/price-tests'
import { proposalsQuery, startPriceTest } from '~/api/price-tests'
import { PlanFacts } from '~/areas/price-tests/plan-facts'
import { pricesOf } from '~/areas/price-tests/words'
import { may } from '~/lib/access'
import { formatMoneyBrief, plural } from '~/lib/format'
import { sentence } from '~/lib/prose'
import { Detail } from '~/ui/detail'
import { Inbox, useInbox } from '~/ui/inbox'
import { EmptyState } from '~/ui/states'
import { toastDone, toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import styles from './price-tests.module.css'

type Props = { toolbar: ReactNode; open: string | undefined; onOpen: (id: string) => void }
type Row = PriceTestProposal & { id: string }

/** Tests worth running, the most worthwhile first. */
export function Proposals({ toolbar, open, onOpen }: Props) {
  const proposals = useQuery(proposalsQuery)
  const rows: Row[] = (proposals.data?.items ?? []).map((each) => ({ ...each, id: each.sku }))
  const inbox = useInbox(rows, open, onOpen)
  return (
    <Inbox
      label="Proposed tests"
      inbox={inbox}
      query={proposals}
      toolbar={toolbar}
      empty={
        <EmptyState icon={IconFlask} title="Nothing to find out">
          Every price that matters is understood well enough, or there is too little to sell to test one.
        </EmptyState>
      }
      row={(each) => <ProposalRow proposal={each} />}
      nameOf={(each) => each.product_title}
      detail={(each) => <ProposalDetail key={each.sku} proposal={each} />}
    />
  )
}

function ProposalRow({ proposal: { product_title: product, plan, answer } }: { proposal: PriceTestProposal }) {
  return (
    <span className={styles.row}>
      <span className={styles.rowTitle}>{product}</span>
      {plan && <span className={styles.rowFigure}>{plural(plan.days, 'day')}</span>}
      <span className={styles.rowNote}>{plan === null ? 'No test fits' : pricesOf(plan)}</span>
      {plan && (
        <span className={styles.rowNote}>
          {answer === 'run' ? `costs about ${formatMoneyBrief(plan.cost.expected)}` : 'not sharp enough'}
        </span>
      )}
    </span>
  )
}

function ProposalDetail({ proposal }: { proposal: PriceTestProposal }) {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate({ from: '/price-tests' })
  const start = useMutation({
    mutationFn: () => startPriceTest(proposal.sku),
    onSuccess: async (test) => {
      toastDone('The test starts tomorrow. Ask the prices of its schedule.')
      await queries.invalidateQueries({ queryKey: ['price-tests'] })
      await navigate({ search: { show: 'running', open: test.id } })
    },
    onError: (error) => toastFailed('The test was not started', error),
  })
  const { plan, answer } = proposal
  return (
    <Detail kind="Proposed test" sku={proposal.sku} title={proposal.product_title}>
      <p className={styles.sentence}>{sentence(proposal.why)}</p>
      <p className={styles.sentence}>{sentence(proposal.reason)}</p>
      {answer === 'run' && may(me, 'decisions:write') && (
        <div>
          <Button loading={start.isPending} onClick={() => start.mutate()}>
            Start tomorrow
          </Button>
        </div>
      )}
      {plan && <PlanFacts plan={plan} />}
    </Detail>
  )
}
