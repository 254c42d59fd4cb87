import { Menu, UnstyledButton } from '@mantine/core'
import { IconApi, IconKeyboard, IconLogout } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { signOut } from '~/api/identity'
import { NAV } from '~/app/shell/entries'
import { ROLE_TITLES } from '~/areas/settings/roles'
import { useMe } from '~/ui/use-me'
import styles from './account-menu.module.css'

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

export function AccountMenu({ onKeyboard }: { onKeyboard: () => void }) {
  const { member, role } = useMe()
  return (
    <Menu width={220}>
      <Menu.Target>
        <UnstyledButton className={styles.avatar}>
          <span aria-hidden>{initials(member.name)}</span>
          <span className="visually-hidden">Account of {member.name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span className={styles.name}>{member.name}</span>
          <span className={styles.email}>{member.email}</span>
          <span className={styles.email}>{ROLE_TITLES[role]}</span>
        </Menu.Label>
        <Menu.Divider />
        {NAV.filter((entry) => entry.isAside).map(({ to, title, icon: Glyph }) => (
          <Menu.Item key={to} leftSection={<Glyph size={15} />} renderRoot={(props) => <Link to={to} {...props} />}>
            {title}
          </Menu.Item>
        ))}
        <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={onKeyboard}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconApi size={15} />} component="a" href="/api/docs" target="_blank" rel="noreferrer">
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
