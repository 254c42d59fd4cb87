import { Page } from '~/ui/page'
import { Bone } from '~/ui/skeleton'
import styles from './overview.module.css'

const KPIS = ['revenue', 'orders', 'value', 'margin', 'units', 'refunds', 'customers']

/** The shape of the page while its numbers are on their way. */
export function OverviewSkeleton() {
  return (
    <Page title="Overview" lead={<Bone width={260} height={13} />}>
      <div role="status" className={styles.content}>
        <span className="visually-hidden">Loading the overview</span>
        <div className={styles.bones}>
          {KPIS.map((name) => (
            <div key={name} className={styles.bone}>
              <Bone width={76} height={11} />
              <Bone width={112} height={24} />
              <Bone width={58} height={11} />
            </div>
          ))}
        </div>
        <div className={styles.split}>
          <Bone height={352} />
          <Bone height={352} />
        </div>
        <Bone height={190} />
      </div>
    </Page>
  )
}
