import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { open, settled, visible } from '../expect.mjs'
import { dropStranger } from './imports.mjs'
import { PAGES } from './layout.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } }

/** Every rule of axe, on the page as it stands: the rule and the element of each violation. */
async function judge(page, where) {
  await page.evaluate(AXE)
  const violations = await page.evaluate(async () => (await globalThis.axe.run()).violations)
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 4)
      .map((node) => `${where}: ${id} (${help}) at ${node.html.slice(0, 220)}\n  ${node.any[0]?.message ?? ''}`),
  )
}

function demandNone(lines) {
  if (lines.length > 0) throw new Error(lines.join('\n'))
}

async function firstProduct(world) {
  await open(world, '/products')
  await visible(world.page.locator('[data-row-link]').first())
  return world.page.locator('[data-row-link]').first().getAttribute('href')
}

/** Where the screenshot of a page goes: its path and the choices in its address. */
function nameOf(path) {
  const [place, query] = path.split('?')
  const page = place === '/' ? 'overview' : place.slice(1).replaceAll('/', '-').slice(0, 40)
  return [page, ...new URLSearchParams(query).values()].join('-')
}

const paths = [
  ...PAGES,
  '/?measure=orders&by=channel',
  '/?range=365d&compare=last_year',
  '/products?search=nothing-has-this-name',
  '/products/nothing-has-this-sku',
  '/recommendations?state=accepted',
  '/alerts?state=snoozed',
  '/nowhere',
  '/settings?section=members',
  '/settings?section=api-keys',
  '/settings?section=appearance',
  '/settings?section=account',
  '/settings?section=audit',
]

/** What no address leads to: it is opened, then judged. */
const STATES = {
  async palette(world) {
    await open(world, '/')
    await world.page.keyboard.press('Control+k')
    await visible(world.page.getByRole('dialog'))
    await visible(world.page.getByRole('option').first())
  },
  async 'keyboard-sheet'(world) {
    await open(world, '/alerts')
    await world.page.keyboard.press('?')
    await visible(world.page.getByRole('dialog', { name: 'Keyboard shortcuts' }))
  },
  async 'date-range'(world) {
    await open(world, '/')
    await world.page.getByRole('button', { name: /^Date range/ }).click()
    await visible(world.page.getByRole('button', { name: 'Previous month' }))
  },
  async 'chart-table'(world) {
    await open(world, '/')
    await world.page.getByRole('button', { name: /^Show as table: Net revenue/ }).click()
    await visible(world.page.getByRole('columnheader', { name: 'Comparison' }))
    await world.page.mouse.move(0, 0)
    await world.page.getByRole('tooltip').waitFor({ state: 'detached' })
  },
  async selection(world) {
    await open(world, '/recommendations')
    await visible(world.page.getByRole('checkbox').first())
    await world.page.keyboard.press('x')
    await visible(world.page.getByText('1 selected'))
  },
  'import-columns': dropStranger,
}

export const flows = ['light', 'dark'].flatMap((theme) =>
  Object.entries(SIZES).map(([width, size]) => ({
    title: `no accessibility violation on any page, ${theme} and ${width}`,
    async run(world) {
      const { page, out } = world
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.setViewportSize(size)
      const found = []
      try {
        for (const path of [...paths, await firstProduct(world)]) {
          await open(world, path)
          await settled(page)
          const name = nameOf(path)
          await page.screenshot({ path: `${out}${name}-${theme}-${width}.png`, fullPage: width === 'wide' })
          found.push(...(await judge(page, path)))
        }
        for (const [name, show] of Object.entries(STATES)) {
          await show(world)
          await page.screenshot({ path: `${out}${name}-${theme}-${width}.png` })
          found.push(...(await judge(page, name)))
        }
      } finally {
        await page.setViewportSize(SIZES.wide)
        await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
        await open(world, '/')
      }
      demandNone(found)
    },
  })),
)

export const signInIsAccessible = {
  title: 'no accessibility violation on the sign-in page',
  async run({ page, base, out }) {
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.goto(base)
      await visible(page.getByRole('heading', { name: 'Sign in' }))
      await page.screenshot({ path: `${out}sign-in-${theme}-wide.png` })
      demandNone(await judge(page, '/sign-in'))
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  },
}
