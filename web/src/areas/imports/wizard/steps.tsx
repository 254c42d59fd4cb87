import { IconCheck } from '@tabler/icons-react'
import styles from './steps.module.css'

export type Step = 'file' | 'check' | 'import'

const STEPS: readonly { id: Step; title: string }[] = [
  { id: 'file', title: 'File' },
  { id: 'check', title: 'Check' },
  { id: 'import', title: 'Import' },
]

export function Steps({ current }: { current: Step }) {
  const now = STEPS.findIndex(({ id }) => id === current)
  return (
    <ol className={styles.steps}>
      {STEPS.map(({ id, title }, index) => (
        <li
          key={id}
          className={styles.step}
          aria-current={index === now ? 'step' : undefined}
          data-done={index < now || undefined}
        >
          <span className={styles.number}>
            {index < now ? <IconCheck size={12} stroke={2.6} aria-label="done" role="img" /> : index + 1}
          </span>
          {title}
        </li>
      ))}
    </ol>
  )
}
