import assert from 'node:assert/strict'
import { settled, visible } from '../expect.mjs'

export const signIn = {
  title: 'a visitor signs in and lands on the overview',
  async run({ page, base, email, password }) {
    await page.goto(base)
    await visible(page.getByRole('heading', { name: 'Sign in' }))
    if (email) await page.getByLabel('Email').fill(email)
    if (password) await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await visible(page.getByRole('heading', { level: 1, name: 'Overview' }))
    await settled(page)
  },
}

export const signOut = {
  title: 'signing out ends the session',
  async run({ page, base }) {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await visible(page.getByRole('heading', { name: 'Sign in' }))
    await page.goto(`${base}/products`)
    await visible(page.getByRole('heading', { name: 'Sign in' }))
    assert.match(page.url(), /next=/)
  },
}

export const flows = [
  {
    title: 'a reload keeps the member signed in',
    async run({ page }) {
      await page.reload()
      await visible(page.getByRole('heading', { level: 1, name: 'Overview' }))
      await settled(page)
    },
  },
  {
    title: 'the overview shows figures, the trend and what to do',
    async run({ page }) {
      const figures = page.getByRole('list', { name: 'Key figures' })
      assert.ok((await figures.getByRole('listitem').count()) >= 5)
      await visible(figures.getByText('Net revenue'))
      await visible(page.getByRole('img', { name: /Net revenue by day with forecast/ }))
      await visible(page.getByRole('heading', { name: 'Worth doing now' }))
    },
  },
  {
    title: 'the date range and comparison live in the address',
    async run({ page }) {
      await page.getByRole('button', { name: /^Date range/ }).click()
      await page.getByRole('radio', { name: 'Last 90 days' }).click()
      await page.waitForURL(/range=90d/)
      await settled(page)
      await visible(page.getByRole('button', { name: /Last 90 days/ }))
      await page.getByRole('link', { name: 'Products' }).first().click()
      await page.waitForURL(/\/products\?.*range=90d/)
      await page.goBack()
      await page.goBack()
      await visible(page.getByRole('button', { name: /Last 28 days/ }))
      await settled(page)
    },
  },
  {
    title: 'a key figure opens its days, its parts and the rows behind them',
    async run({ page }) {
      await page
        .getByRole('list', { name: 'Key figures' })
        .getByRole('link', { name: /^Orders/ })
        .click()
      await page.waitForURL(/measure=orders/)
      await visible(page.getByRole('img', { name: /Orders by day/ }))
      await page.getByRole('group', { name: 'Split by' }).getByRole('button', { name: 'Category' }).click()
      await visible(page.getByRole('heading', { name: 'Orders by category' }))
      await settled(page)
      const panel = page.getByRole('region', { name: 'Orders by category' })
      await panel.getByRole('link').first().click()
      await page.waitForURL(/\/products\?category=/)
      await visible(page.locator('[data-row-link]').first())
      await page.goBack()
      await page
        .getByRole('list', { name: 'Key figures' })
        .getByRole('link', { name: /^Net revenue/ })
        .click()
      await visible(page.getByRole('img', { name: /Net revenue by day with forecast/ }))
      await settled(page)
    },
  },
  {
    title: 'a chart can be read as a table',
    async run({ page }) {
      await page.getByRole('button', { name: /^Show as table: Net revenue/ }).click()
      await visible(page.getByRole('columnheader', { name: 'Net revenue' }))
      await page.getByRole('button', { name: /^Show as chart: Net revenue/ }).click()
    },
  },
]
