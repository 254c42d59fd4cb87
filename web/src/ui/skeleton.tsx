import styles from './skeleton.module.css'

type Props = { width?: number | string; height?: number | string; round?: boolean }

/** A grey shape where content will be. */
export function Bone({ width = '100%', height = 14, round = false }: Props) {
  return <span className={styles.bone} style={{ width, height, borderRadius: round ? 999 : 5 }} />
}

/** Rows of a list on their way. */
export function BoneRows({ rows, height = 44 }: { rows: number; height?: number }) {
  return (
    <div role="status" className={styles.rows}>
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity and never move.
        <div key={index} className={styles.row} style={{ height }}>
          <Bone width={`${38 + ((index * 17) % 35)}%`} />
          <Bone width={72} />
        </div>
      ))}
    </div>
  )
}
