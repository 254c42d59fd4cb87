import assert from 'node:assert/strict'
import { eventually, open, settled, visible } from '../expect.mjs'

const LINKS = '[data-row-link]'

export const flows = [
  {
    title: 'products sort by a column and remember it in the address',
    async run(world) {
      await open(world, '/products')
      const { page } = world
      await page.getByRole('button', { name: 'Units, 30 d' }).click()
      await page.waitForURL(/sort=-units/)
      await settled(page)
      await visible(page.getByRole('columnheader', { name: 'Units, 30 d' }))
      assert.equal(
        await page.getByRole('columnheader', { name: 'Units, 30 d' }).getAttribute('aria-sort'),
        'descending',
      )
    },
  },
  {
    title: 'the product table is walked with j, k and Enter',
    async run(world) {
      await open(world, '/products')
      const { page } = world
      await visible(page.locator(LINKS).first())
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      await eventually(page, 'the second row has the focus', () =>
        page.evaluate(() => document.activeElement?.closest('[data-index]')?.getAttribute('data-index') === '1'),
      )
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/products\/[^?]+/)
    },
  },
  {
    title: 'a product is found, opened, and another price tried',
    async run(world) {
      await open(world, '/products')
      const { page } = world
      await visible(page.locator(LINKS).first())
      const title = await page.locator(LINKS).first().textContent()
      const sku = decodeURIComponent(
        (await page.locator(LINKS).first().getAttribute('href')).split('/').pop().split('?')[0],
      )
      await page.getByRole('searchbox', { name: 'Search products' }).fill(sku)
      await page.waitForURL(/search=/)
      await settled(page)
      await page.getByRole('link', { name: title, exact: true }).first().click()
      await visible(page.getByRole('heading', { level: 1, name: title }))

      // Not every product has a curve: the first that has one is tried.
      const skus = await candidates(world)
      for (const each of skus) {
        await open(world, `/products/${encodeURIComponent(each)}`)
        const slider = page.getByRole('slider', { name: 'What if the price were' })
        if ((await slider.count()) === 0) continue
        await slider.focus()
        await slider.press('End')
        const units = page.locator('dt', { hasText: 'Units, 28 days' }).locator('xpath=following-sibling::dd[1]')
        await eventually(page, 'the what-if answers with units', async () => /\d/.test(await units.textContent()))
        await settled(page)
        return
      }
      assert.fail(`none of ${skus.length} products has a demand curve`)
    },
  },
  {
    title: 'the command palette finds a product',
    async run(world) {
      await open(world, '/')
      const { page } = world
      const [sku] = await candidates(world)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: /Search products/ }).fill(sku)
      await visible(page.getByRole('option', { name: new RegExp(sku) }).first())
      await page
        .getByRole('option', { name: new RegExp(sku) })
        .first()
        .click()
      await page.waitForURL(/\/products\/[^?]+/)
    },
  },
  {
    title: 'a view of the product table is saved and deleted',
    async run(world) {
      await open(world, '/products?sort=-stock')
      const { page } = world
      await page.getByRole('button', { name: 'Save view' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill('Most stock')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await visible(page.getByRole('link', { name: 'Most stock', exact: true }))
      await page.getByRole('button', { name: 'Delete the view Most stock' }).click()
      await page.getByRole('link', { name: 'Most stock', exact: true }).waitFor({ state: 'detached' })
    },
  },
]

/** Skus of the first rows, read from the table. */
async function candidates(world) {
  const { page } = world
  await open(world, '/products')
  await visible(page.locator(LINKS).first())
  const links = await page.locator(LINKS).evaluateAll((all) => all.map((link) => link.getAttribute('href')))
  return links.map((href) => decodeURIComponent(href.split('/').pop().split('?')[0]))
}
