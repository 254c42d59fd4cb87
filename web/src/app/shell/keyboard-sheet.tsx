import { useSyncExternalStore } from 'react'
import { type Shortcut, shortcuts } from '~/lib/shortcuts'
import { Modal } from '~/ui/dialog'
import styles from './keyboard-sheet.module.css'

/** The shortcuts of the page on screen. */
export default function KeyboardSheet({ onClose }: { onClose: () => void }) {
  const list = useSyncExternalStore(shortcuts.subscribe, shortcuts.list)
  const groups = Map.groupBy(list, (shortcut) => shortcut.group)
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" size={520} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={styles.groups}>
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3 className={styles.title}>{group}</h3>
            <ul>
              {members.map((shortcut) => (
                <Row key={shortcut.keys} shortcut={shortcut} />
              ))}
            </ul>
          </section>
        ))}
        <section>
          <h3 className={styles.title}>Everywhere</h3>
          <ul>
            <li className={styles.row}>
              Commands and products <Keys keys="Ctrl K" />
            </li>
            <li className={styles.row}>
              Close <Keys keys="Esc" />
            </li>
          </ul>
        </section>
      </div>
      <p className={styles.note}>Shortcuts can be switched off in Settings, Appearance.</p>
    </Modal>
  )
}

function Row({ shortcut }: { shortcut: Shortcut }) {
  return (
    <li className={styles.row}>
      {shortcut.title} <Keys keys={shortcut.keys} />
    </li>
  )
}

function Keys({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  )
}
