import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMatches } from '@tanstack/react-router'
import type { LiveState } from '~/api/live'
import { AccountMenu } from '~/app/shell/account-menu'
import { FreshnessBadge } from '~/app/shell/freshness-badge'
import { MerchantName } from '~/app/shell/merchant-name'
import { RangeControl } from '~/app/shell/range-control'
import { ThemeToggle } from '~/app/shell/theme-toggle'
import { useMe } from '~/ui/use-me'
import styles from './top-bar.module.css'

type Props = { live: LiveState; onSearch: () => void; onKeyboard: () => void }

const IS_MAC = typeof navigator !== 'undefined' && navigator.userAgent.includes('Mac')

export function TopBar({ live, onSearch, onKeyboard }: Props) {
  const usesRange = useMatches({ select: (matches) => matches.some((match) => match.staticData.usesRange) })
  const { merchant } = useMe()
  return (
    <header className={styles.bar}>
      <MerchantName />
      {merchant.is_demo && (
        <Tooltip label="A generated shop with known truth. Import your own orders to see yours.">
          <span className={styles.demo}>Demo data</span>
        </Tooltip>
      )}
      <div className={styles.space} />
      <UnstyledButton className={styles.search} onClick={onSearch}>
        <IconSearch size={15} stroke={1.8} aria-hidden />
        <span className={styles.searchText}>Search</span>
        <kbd className={styles.key}>{IS_MAC ? '⌘K' : 'Ctrl K'}</kbd>
      </UnstyledButton>
      {usesRange && <RangeControl />}
      <FreshnessBadge live={live} />
      <span className={styles.wide}>
        <ThemeToggle />
      </span>
      <AccountMenu onKeyboard={onKeyboard} />
    </header>
  )
}
