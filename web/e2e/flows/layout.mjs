import assert from 'node:assert/strict'
import { eventually, open, visible } from '../expect.mjs'

export const PAGES = [
  '/',
  '/products',
  '/recommendations',
  '/alerts',
  '/imports',
  '/imports/new',
  '/ledger',
  '/demand',
  '/price-plan',
  '/price-tests',
  '/models',
  '/settings',
]

const schemeOf = (page) => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)

export const flows = [
  {
    title: 'the theme is switched and remembered',
    async run(world) {
      await open(world, '/')
      const { page } = world
      assert.equal(await schemeOf(page), 'light')
      await page.getByRole('button', { name: 'Use dark theme' }).click()
      await eventually(page, 'the page is dark', async () => (await schemeOf(page)) === 'dark')
      await page.reload()
      await visible(page.getByRole('heading', { level: 1 }))
      assert.equal(await schemeOf(page), 'dark')
      await open(world, '/settings?section=appearance')
      await page.getByText('System', { exact: true }).click()
      await eventually(page, 'the page follows the system', async () => (await schemeOf(page)) === 'light')
    },
  },
  {
    title: 'no page is wider than a narrow screen',
    async run(world) {
      const { page } = world
      await page.setViewportSize({ width: 390, height: 844 })
      for (const path of PAGES) {
        await open(world, path)
        const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
        assert.ok(content <= screen, `${path} is ${content} px wide on a screen of ${screen} px`)
        await visible(page.getByRole('navigation', { name: 'Main' }))
      }
      await open(world, '/alerts')
      await page
        .getByRole('list', { name: 'Alerts', exact: true })
        .getByRole('listitem')
        .first()
        .getByRole('button')
        .click()
      await page.getByRole('button', { name: 'Alerts', exact: true }).click()
      await visible(page.getByRole('list', { name: 'Alerts', exact: true }))
      await page.setViewportSize({ width: 1440, height: 900 })
    },
  },
  {
    title: 'an unknown address says so',
    async run({ page, base }) {
      await page.goto(`${base}/nowhere`)
      await visible(page.getByRole('heading', { name: 'There is no page at this address' }))
    },
  },
]
