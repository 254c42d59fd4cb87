import { IconArrowRight } from '@tabler/icons-react'
import type { Headline } from '~/api/types'
import { prose } from '~/lib/prose'
import { AppLink } from '~/ui/app-link'
import { SeverityGlyph } from '~/ui/severity'
import styles from './headlines.module.css'

/** Short true sentences about this shop, each leading to its rows. */
export function Headlines({ headlines }: { headlines: readonly Headline[] }) {
  if (headlines.length === 0) return null
  return (
    <ul className={styles.list} aria-label="What stands out">
      {headlines.map(({ text, severity, link }) => (
        <li key={text} className={styles.line}>
          {link === null ? (
            <span className={styles.text}>
              <SeverityGlyph severity={severity} />
              {prose(text)}
            </span>
          ) : (
            <AppLink href={link} className={styles.text}>
              <SeverityGlyph severity={severity} />
              <span className={styles.sentence}>{prose(text)}</span>
              <IconArrowRight size={14} className={styles.arrow} aria-hidden />
            </AppLink>
          )}
        </li>
      ))}
    </ul>
  )
}
