import styles from './progress.module.css'

/** A page on its way. Pages draw their own skeletons; this shows only while their code arrives. */
export function Progress() {
  return (
    <div role="status" className={styles.page}>
      <span className="visually-hidden">Loading</span>
      <div className={styles.bar} />
    </div>
  )
}
