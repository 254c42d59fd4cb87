import { type Icon, IconBulb, IconFileText, IconPackage, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react'
import { signOut } from '~/api/identity'
import { type SearchHit, searchQuery } from '~/api/search'
import { NAV } from '~/app/shell/entries'
import { Modal } from '~/ui/dialog'
import styles from './palette.module.css'

type Command = { id: string; title: string; subtitle: string | null; icon: Icon; run: () => void }

const HIT_ICONS: Record<SearchHit['kind'], Icon> = {
  product: IconPackage,
  page: IconFileText,
  recommendation: IconBulb,
}

const IMPORT_PATH = '/imports/new'

/** Go anywhere and find any product by typing: Ctrl or Cmd + K. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const listId = useId()
  const commands = useCommands(text, onClose)
  const chosen = Math.min(active, Math.max(0, commands.length - 1))

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((chosen + step + commands.length) % Math.max(1, commands.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      commands[chosen]?.run()
    }
  }
  return (
    <Modal.Root opened onClose={onClose} size={560} yOffset="12vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Search and commands">
        <Modal.Body p={0}>
          <div className={styles.box}>
            <IconSearch size={17} stroke={1.7} aria-hidden />
            <input
              className={styles.input}
              role="combobox"
              aria-label="Search products, pages and commands"
              aria-expanded
              aria-controls={listId}
              aria-activedescendant={commands[chosen] ? `${listId}-${chosen}` : undefined}
              placeholder="Search products, go to a page…"
              value={text}
              data-autofocus
              autoComplete="off"
              onChange={(event) => {
                setText(event.currentTarget.value)
                setActive(0)
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <div id={listId} role="listbox" aria-label="Results" className={styles.list}>
            {commands.map(({ id, icon: Glyph, title, subtitle, run }, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox handles the keys of its options.
              <div
                key={id}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === chosen}
                className={styles.option}
                onClick={run}
                onMouseMove={() => setActive(index)}
              >
                <Glyph size={16} stroke={1.6} aria-hidden />
                <span className={styles.title}>{title}</span>
                {subtitle && <span className={styles.subtitle}>{subtitle}</span>}
              </div>
            ))}
          </div>
          {commands.length === 0 && <p className={styles.none}>Nothing found for “{text}”.</p>}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function useCommands(text: string, onClose: () => void): Command[] {
  const router = useRouter()
  const hits = useQuery(searchQuery(useDeferredValue(text.trim()))).data?.items ?? []
  const close = (then: () => void) => () => {
    onClose()
    then()
  }
  const wanted = text.trim().toLowerCase()
  const pages: Command[] = [
    ...NAV.map((entry) => ({ ...entry, to: entry.to, subtitle: `g ${entry.key}` })),
    { to: IMPORT_PATH, title: 'Import a file', subtitle: null, icon: IconFileText },
  ].map(({ to, title, icon, subtitle }) => ({
    id: to,
    title,
    subtitle,
    icon,
    run: close(() => void router.navigate({ to })),
  }))
  const commands = [
    ...pages,
    { id: 'sign-out', title: 'Sign out', subtitle: null, icon: IconFileText, run: close(() => void signOut()) },
  ].filter(({ title }) => title.toLowerCase().includes(wanted))
  const found = wanted === '' ? [] : hits
  return [
    ...commands.slice(0, wanted === '' ? undefined : 4),
    ...found
      .filter((hit) => hit.kind !== 'page')
      .map((hit) => ({
        id: `hit ${hit.link} ${hit.title}`,
        title: hit.title,
        subtitle: hit.subtitle,
        icon: HIT_ICONS[hit.kind],
        run: close(() => router.history.push(hit.link)),
      })),
  ]
}
