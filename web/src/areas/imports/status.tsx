import { IconAlertTriangle, IconArrowBackUp, IconCircleCheck, IconLoader2 } from '@tabler/icons-react'
import type { Import } from '~/api/types'
import styles from './status.module.css'

const STATUS: Record<Import['status'], { title: string; icon: typeof IconLoader2; tone: string }> = {
  queued: { title: 'Waiting', icon: IconLoader2, tone: 'running' },
  running: { title: 'Running', icon: IconLoader2, tone: 'running' },
  finished: { title: 'Finished', icon: IconCircleCheck, tone: 'gain' },
  failed: { title: 'Failed', icon: IconAlertTriangle, tone: 'critical' },
  undoing: { title: 'Undoing', icon: IconLoader2, tone: 'running' },
  undone: { title: 'Undone', icon: IconArrowBackUp, tone: 'plain' },
}

export function ImportStatus({ status }: Pick<Import, 'status'>) {
  const { title, icon: Glyph, tone } = STATUS[status]
  return (
    <span className={styles.status} data-tone={tone}>
      <Glyph size={15} stroke={1.8} aria-hidden />
      {title}
    </span>
  )
}
