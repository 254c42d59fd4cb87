import assert from 'node:assert/strict'
import { eventually, open, settled, visible } from '../expect.mjs'

const rows = (page, list) => page.getByRole('list', { name: list, exact: true }).getByRole('listitem')

async function nameOfFirst(page, list) {
  await visible(rows(page, list).first())
  return rows(page, list).first().getByRole('checkbox').getAttribute('aria-label')
}

export const flows = [
  {
    title: 'a recommendation is accepted and taken back',
    async run(world) {
      await open(world, '/recommendations')
      const { page } = world
      const name = await nameOfFirst(page, 'Recommendations')
      await rows(page, 'Recommendations').first().getByRole('button').click()
      await settled(page)
      await visible(page.getByRole('heading', { name: 'Guard rails' }))
      await page.keyboard.press('e')
      await visible(page.getByText('Recommendation accepted.'))
      await page.getByRole('checkbox', { name, exact: true }).waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
      await visible(page.getByRole('checkbox', { name, exact: true }))
      await settled(page)
    },
  },
  {
    title: 'a recommendation is dismissed with a reason from its details',
    async run(world) {
      await open(world, '/recommendations')
      const { page } = world
      const name = await nameOfFirst(page, 'Recommendations')
      await page.getByRole('button', { name: /^Dismiss:/ }).click()
      await page.getByRole('menuitem', { name: 'The price is set on purpose' }).click()
      await visible(page.getByText('Recommendation dismissed.'))
      await page.getByRole('button', { name: 'Dismissed', exact: true }).click()
      await visible(page.getByRole('checkbox', { name, exact: true }))
      await visible(page.getByText('The price is set on purpose'))
      await page.getByRole('region', { name: 'Details' }).getByRole('button', { name: 'Undo', exact: true }).click()
      await page.getByRole('checkbox', { name, exact: true }).waitFor({ state: 'detached' })
      await settled(page)
    },
  },
  {
    title: 'alerts are walked, selected and snoozed by keyboard, and taken back',
    async run(world) {
      await open(world, '/alerts')
      const { page } = world
      await visible(rows(page, 'Alerts').first())
      const count = await rows(page, 'Alerts').count()
      await page.keyboard.press('x')
      if (count > 1) {
        await page.keyboard.press('j')
        await page.keyboard.press('x')
      }
      const wanted = Math.min(2, count)
      await visible(page.getByText(`${wanted} selected`))
      await page.keyboard.press('s')
      await visible(page.getByText(wanted === 1 ? 'Alert snoozed.' : `${wanted} alerts snoozed.`))
      await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
      await eventually(page, 'the alerts are back', async () => (await rows(page, 'Alerts').count()) === count)
      await settled(page)
    },
  },
  {
    title: 'the keyboard sheet lists the shortcuts of the page',
    async run(world) {
      await open(world, '/alerts')
      const { page } = world
      await page.keyboard.press('?')
      const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
      await visible(sheet)
      assert.match(await sheet.textContent(), /Snooze for a week/)
      await page.keyboard.press('Escape')
      await sheet.waitFor({ state: 'detached' })
      await page.keyboard.press('g')
      await page.keyboard.press('o')
      await visible(page.getByRole('heading', { level: 1, name: 'Overview' }))
    },
  },
]
