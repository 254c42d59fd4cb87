import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { open, settled, visible } from '../expect.mjs'
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

function nameOf(path) {
  return path === '/' ? 'overview' : path.slice(1).split('?')[0].replaceAll('/', '-').slice(0, 40)
}

const paths = [
  ...PAGES,
  '/settings?section=members',
  '/settings?section=api-keys',
  '/settings?section=appearance',
  '/settings?section=account',
  '/settings?section=audit',
]

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
          const section = new URLSearchParams(path.split('?')[1]).get('section')
          const name = [path.startsWith('/products/') ? 'product' : nameOf(path), section].filter(Boolean).join('-')
          await page.screenshot({ path: `${out}${name}-${theme}-${width}.png`, fullPage: width === 'wide' })
          found.push(...(await judge(page, path)))
        }
        if (width === 'wide') {
          await page.keyboard.press('Control+k')
          await visible(page.getByRole('dialog'))
          found.push(...(await judge(page, 'the command palette')))
          await page.keyboard.press('Escape')
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
