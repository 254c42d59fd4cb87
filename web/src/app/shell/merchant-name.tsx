import { Menu, UnstyledButton } from '@mantine/core'
import { IconCheck, IconSelector } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { switchMerchant } from '~/api/identity'
import type { Uuid } from '~/api/types'
import { toastFailed } from '~/ui/toast'
import { useMe } from '~/ui/use-me'
import styles from './merchant-name.module.css'

/** Whose numbers these are; a menu for members of several merchants. */
export function MerchantName() {
  const { merchant, merchants } = useMe()
  const queries = useQueryClient()
  if (merchants.length < 2) {
    return (
      <span className={styles.name} title={merchant.name}>
        {merchant.name}
      </span>
    )
  }
  const choose = async (id: Uuid) => {
    try {
      await switchMerchant(id)
      await queries.resetQueries()
    } catch (error) {
      toastFailed('The shop could not be opened', error)
    }
  }
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton className={styles.button} title={merchant.name}>
          <span className={styles.name}>{merchant.name}</span>
          <IconSelector size={15} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {merchants.map(({ id, name }) => (
          <Menu.Item
            key={id}
            onClick={() => void choose(id)}
            rightSection={id === merchant.id ? <IconCheck size={15} aria-label="current" /> : null}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
