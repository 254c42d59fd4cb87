import assert from 'node:assert/strict'
import { open, settled, visible } from '../expect.mjs'

// Our own columns: recognised without asking.
const FILE = 'browser-test-orders.csv'
const TABLE = [
  'order_id,ordered_at,sku,quantity,unit_price,currency',
  'BT-1,2026-01-05,BT-MUG,2,12.50,GBP',
  'BT-1,2026-01-05,BT-BOWL,1,18.00,GBP',
  'BT-2,2026-01-06,BT-MUG,1,12.50,GBP',
  'BT-3,not a day,BT-MUG,1,12.50,GBP',
].join('\n')

const SLOW_MS = 120_000

export const flows = [
  {
    title: 'a file is dropped, checked, imported in the background and undone',
    async run(world) {
      await open(world, '/imports/new')
      const { page } = world
      await page
        .getByLabel('File to import')
        .setInputFiles({ name: FILE, mimeType: 'text/csv', buffer: Buffer.from(TABLE) })
      await visible(page.getByRole('button', { name: 'Another file' }))
      await visible(page.getByRole('heading', { name: /rows read/ }))
      await page.screenshot({ path: `${world.out}import-check.png`, fullPage: true })
      await visible(page.getByRole('heading', { name: /would be rejected/ }))
      await page.getByRole('button', { name: /^Import \d+ rows?$/ }).click()
      await page.getByRole('heading', { name: 'Imported', exact: true }).waitFor({ state: 'visible', timeout: SLOW_MS })
      await page.getByRole('link', { name: 'All imports' }).click()
      const row = page.getByRole('list', { name: 'Imports' }).getByRole('listitem').filter({ hasText: FILE }).first()
      await visible(row.getByText('Finished'))
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        row.getByRole('button', { name: /^Rejects of/ }).click(),
      ])
      assert.match(download.suggestedFilename(), /rejects/)
      await row.getByRole('button', { name: /^Undo the import/ }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Undo the import' }).click()
      // The tables are built again without the file; behind a model run this waits its turn.
      await row.getByText('Undone').waitFor({ state: 'visible', timeout: SLOW_MS })
      await settled(page)
    },
  },
]
