import type { ReactNode } from 'react'
import type { ModelAccuracy } from '~/api/models'
import { formatCount, formatRatio } from '~/lib/format'
import styles from './models.module.css'

const percent = (ratio: number | null, signed = false) =>
  ratio === null ? null : formatRatio(ratio, { digits: ratio !== 0 && Math.abs(ratio) < 0.1 ? 1 : 0, signed })

/** The figures of the version that serves, each with what it means. */
export function Figures({ accuracy: { total } }: { accuracy: ModelAccuracy }) {
  const { wape, mase, bias, coverage_80: inside80, coverage_95: inside95 } = total
  return (
    <dl className={styles.figures}>
      <Figure title="Off by, single days" value={percent(wape)} code="WAPE">
        Errors of single days over units sold. Few sales a day make it large by nature.
      </Figure>
      <Figure title="Against repeating last week" value={mase === null ? null : formatCount(mase, 2)} code="MASE">
        {mase !== null && mase < 1
          ? 'Below 1 is better than repeating the last week.'
          : 'Above 1 is no better than repeating the last week.'}
      </Figure>
      <Figure title="Too much or too little" value={percent(bias, true)} code="bias">
        {bias !== null && bias < 0 ? 'In sum, less was expected than sold.' : 'In sum, more was expected than sold.'}
      </Figure>
      <Figure title="Inside the 80% interval" value={percent(inside80)} code="promised: 80%">
        How often sales fell inside what was called 80% likely.
      </Figure>
      <Figure title="Inside the 95% interval" value={percent(inside95)} code="promised: 95%">
        How often sales fell inside what was called 95% likely.
      </Figure>
    </dl>
  )
}

type Props = { title: string; value: string | null; code: string; children: ReactNode }

function Figure({ title, value, code, children }: Props) {
  return (
    <div className={styles.figure}>
      <dt className={styles.name}>{title}</dt>
      <dd className={styles.value}>
        {value ?? '–'} <span className={styles.code}>{code}</span>
      </dd>
      <dd className={styles.meaning}>{value === null ? 'Nothing to compare with yet.' : children}</dd>
    </div>
  )
}
