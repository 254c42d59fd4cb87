import { Button } from '@mantine/core'
import { IconBulb } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Recommendation } from '~/api/types'
import { DecisionButtons } from '~/areas/recommendations/decision-buttons'
import { Impact } from '~/areas/recommendations/impact'
import { KINDS } from '~/areas/recommendations/kinds'
import { useDecide } from '~/areas/recommendations/use-decide'
import { titleOf } from '~/areas/recommendations/words'
import { sentence } from '~/lib/prose'
import { EmptyState } from '~/ui/states'
import styles from './opportunities.module.css'

/** The recommendations worth most, each decided with one click. */
export function Opportunities({ recommendations }: { recommendations: readonly Recommendation[] }) {
  const open = recommendations.filter((each) => each.state === 'open').slice(0, 3)
  return (
    <section aria-labelledby="opportunities">
      <header className={styles.header}>
        <h2 id="opportunities" className={styles.heading}>
          Worth doing now
        </h2>
        <Button variant="subtle" size="compact-sm" renderRoot={(props) => <Link to="/recommendations" {...props} />}>
          All recommendations
        </Button>
      </header>
      {open.length === 0 ? (
        <div className={styles.empty}>
          <EmptyState icon={IconBulb} title="Nothing waits for a decision">
            New recommendations arrive with the next model run.
          </EmptyState>
        </div>
      ) : (
        <ul className={styles.cards}>
          {open.map((each) => (
            <li key={each.id} className={styles.card}>
              <Card recommendation={each} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Card({ recommendation }: { recommendation: Recommendation }) {
  const decide = useDecide()
  const { icon: Glyph, title: kind } = KINDS[recommendation.kind]
  return (
    <>
      <p className={styles.kind}>
        <Glyph size={14} stroke={1.8} aria-hidden />
        {kind}
      </p>
      <h3 className={styles.title}>
        <Link to="/recommendations" search={{ open: recommendation.id }}>
          {titleOf(recommendation)}
        </Link>
      </h3>
      <p className={styles.product}>
        <Link to="/products/$sku" params={{ sku: recommendation.sku }} title={recommendation.product_title}>
          {recommendation.product_title}
        </Link>
      </p>
      <Impact recommendation={recommendation} size="large" />
      <p className={styles.sentence}>{sentence(recommendation.reason)}</p>
      <DecisionButtons
        subject={`${titleOf(recommendation)}, ${recommendation.product_title}`}
        onDecide={(decision) => decide([recommendation.id], decision)}
      />
    </>
  )
}
