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

// A stranger's columns: the reader says which is which.
const STRANGE_FILE = 'browser-test-warehouse.csv'
const STRANGE_TABLE = [
  'Ref,When,Item code,Qty,Each',
  'BW-1,2026-01-05,BT-MUG,2,12.50',
  'BW-2,2026-01-06,BT-BOWL,1,18.00',
  'BW-3,not a day,BT-MUG,1,12.50',
].join('\n')
const COLUMNS = { 'Order id': 'Ref', 'Ordered at': 'When', Sku: 'Item code', Quantity: 'Qty', 'Unit price': 'Each' }

const SLOW_MS = 120_000

/** Drops a table on the wizard and waits for the dry run. */
export async function drop(world, name, table) {
  await open(world, '/imports/new')
  const { page } = world
  await page.getByLabel('File to import').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(table) })
  await visible(page.getByRole('button', { name: 'Another file' }))
  await settled(page)
}

/** Takes an import back from the list and waits until its rows are gone. */
async function undo(page, file) {
  const row = page.getByRole('list', { name: 'Imports' }).getByRole('listitem').filter({ hasText: file }).first()
  await visible(row.getByText('Finished'))
  await row.getByRole('button', { name: /^Undo the import/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Undo the import' }).click()
  // The tables are built again without the file; behind a model run this waits its turn.
  await row.getByText('Undone').waitFor({ state: 'visible', timeout: SLOW_MS })
  await settled(page)
}

export const dropStranger = (world) => drop(world, STRANGE_FILE, STRANGE_TABLE)

export const flows = [
  {
    title: 'a file is dropped, checked, imported in the background and undone',
    async run(world) {
      await drop(world, FILE, TABLE)
      const { page } = world
      await visible(page.getByRole('heading', { name: /rows read/ }))
      // Recognised: the columns are told at a glance and shown on demand.
      assert.equal(await page.getByLabel('Column for Sku').isVisible(), false)
      await page.getByRole('button', { name: 'Check or change' }).click()
      await visible(page.getByLabel('Column for Sku'))
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
      await undo(page, FILE)
    },
  },
  {
    title: 'the columns of an unknown file are told, its rows imported and taken back',
    async run(world) {
      await dropStranger(world)
      const { page } = world
      await page.getByLabel('What is in this file?').selectOption({ label: 'Orders' })
      await visible(page.getByLabel('Column for Order id'))
      await settled(page)
      for (const [field, column] of Object.entries(COLUMNS)) {
        await page.getByLabel(`Column for ${field}`).selectOption(column)
        await settled(page)
      }
      await visible(page.getByRole('heading', { name: '3 rows read, 2 would land' }))
      await visible(page.getByRole('heading', { name: '1 row would be rejected' }))
      await visible(page.getByRole('cell', { name: 'not a day' }).first())
      await page.screenshot({ path: `${world.out}import-mapping.png`, fullPage: true })
      await page.getByRole('button', { name: 'Import 2 rows', exact: true }).click()
      await page.getByRole('heading', { name: 'Imported', exact: true }).waitFor({ state: 'visible', timeout: SLOW_MS })
      await page.getByRole('link', { name: 'All imports' }).click()
      await undo(page, STRANGE_FILE)
    },
  },
]
