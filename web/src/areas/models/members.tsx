import type { ModelMember } from '~/api/models'
import { DEMAND_CLASSES } from '~/areas/models/words'
import { formatRatio, plural } from '~/lib/format'
import { modelName } from '~/lib/names'
import { Panel } from '~/ui/panel'
import styles from './models.module.css'

/** What no bar would show. */
const SHARE_MIN = 0.01

/** What the blend that serves consists of, weighed by how well each part foresaw the past. */
export function Members({ members, demand }: { members: readonly ModelMember[]; demand: string | undefined }) {
  const shares = sharesOf(members, demand)
  const kind = demand === undefined ? 'all products' : (DEMAND_CLASSES[demand] ?? demand).toLowerCase()
  const skus = skusOf(members, demand)
  return (
    <Panel title="What the blend consists of" subtitle={`For ${kind}: ${plural(skus, 'product')}`}>
      {shares.length === 0 ? (
        <p className={styles.meaning}>The next daily run makes forecasts.</p>
      ) : (
        <ul className={styles.shares}>
          {shares.map(({ model, weight }) => (
            <li key={model} className={styles.share}>
              <span>{modelName(model)}</span>
              <span className={styles.weight}>{formatRatio(weight, { digits: 0 })}</span>
              <span className={styles.track} aria-hidden>
                <span className={styles.bar} style={{ width: `${weight * 100}%` }} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** Products by kind of demand: every entry of a kind repeats how many it has. */
function skusOf(members: readonly ModelMember[], demand: string | undefined): number {
  const kinds = new Map(members.map((member) => [member.demand_class, member.skus]))
  if (demand !== undefined) return kinds.get(demand) ?? 0
  return [...kinds.values()].reduce((sum, skus) => sum + skus, 0)
}

/** Mean shares over the products asked for, largest first. Two models that read alike are one. */
function sharesOf(members: readonly ModelMember[], demand: string | undefined): { model: string; weight: number }[] {
  const asked = members.filter((member) => demand === undefined || member.demand_class === demand)
  const total = skusOf(members, demand) || 1
  const sums = new Map<string, { model: string; weight: number }>()
  for (const { model, weight, skus } of asked) {
    const name = modelName(model)
    const known = sums.get(name) ?? { model, weight: 0 }
    sums.set(name, { ...known, weight: known.weight + (weight * skus) / total })
  }
  return [...sums.values()].filter(({ weight }) => weight >= SHARE_MIN).sort((a, b) => b.weight - a.weight)
}
