import { Link, useSearch } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { AccountSection } from '~/areas/settings/account-section'
import { ApiKeysSection } from '~/areas/settings/api-keys-section'
import { AppearanceSection } from '~/areas/settings/appearance-section'
import { AuditSection } from '~/areas/settings/audit-section'
import { MembersSection } from '~/areas/settings/members-section'
import { PricingSection } from '~/areas/settings/pricing-section'
import { ShopSection } from '~/areas/settings/shop-section'
import { Page } from '~/ui/page'
import styles from './settings-page.module.css'

type Section = { id: string; title: string; content: ComponentType }

const SHOP: Section = { id: 'shop', title: 'Shop', content: ShopSection }

const SECTIONS: readonly Section[] = [
  SHOP,
  { id: 'pricing', title: 'Pricing', content: PricingSection },
  { id: 'members', title: 'Members', content: MembersSection },
  { id: 'api-keys', title: 'API keys', content: ApiKeysSection },
  { id: 'appearance', title: 'Appearance', content: AppearanceSection },
  { id: 'account', title: 'Your account', content: AccountSection },
  { id: 'audit', title: 'Activity', content: AuditSection },
]

export function SettingsPage() {
  const { section } = useSearch({ from: '/shell/settings' })
  const current = SECTIONS.find(({ id }) => id === section) ?? SHOP
  const Content = current.content
  return (
    <Page title="Settings" width="reading">
      <div className={styles.split}>
        <nav aria-label="Settings" className={styles.nav}>
          {SECTIONS.map(({ id, title }) => (
            <Link
              key={id}
              to="/settings"
              search={{ section: id === SHOP.id ? '' : id }}
              className={styles.link}
              data-active={id === current.id || undefined}
              aria-current={id === current.id ? 'page' : undefined}
            >
              {title}
            </Link>
          ))}
        </nav>
        <div className={styles.content}>
          <Content />
        </div>
      </div>
    </Page>
  )
}
