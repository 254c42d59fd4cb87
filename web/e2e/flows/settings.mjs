import assert from 'node:assert/strict'
import { open, settled, visible } from '../expect.mjs'

const KEY = 'Browser test'

export const flows = [
  {
    title: 'an API key is created, shown once and revoked',
    async run(world) {
      await open(world, '/settings?section=api-keys')
      const { page } = world
      await page.getByRole('button', { name: 'Create a key' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill(KEY)
      await page.getByRole('button', { name: 'Create', exact: true }).click()
      const secret = await page.getByRole('dialog').locator('code').textContent()
      assert.ok(secret.length > 20, 'the secret is shown')
      await page.getByRole('button', { name: 'Done' }).click()
      await page
        .getByRole('button', { name: `Revoke ${KEY}` })
        .first()
        .click()
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
      await visible(page.getByText(`The key ${KEY} no longer works.`))
      await settled(page)
    },
  },
  {
    title: 'the shop settings are saved',
    async run(world) {
      await open(world, '/settings')
      const { page } = world
      const lead = page.getByLabel('Usual delivery time, days')
      const before = await lead.inputValue()
      await lead.fill('21')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await visible(page.getByText('Saved.').last())
      await page.reload()
      await visible(lead)
      assert.equal(await lead.inputValue(), '21')
      await lead.fill(before)
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await visible(page.getByText('Saved.').last())
    },
  },
]
