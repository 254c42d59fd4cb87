// Browser tests against a running ShelfIQ: `SHELFIQ_URL=http://127.0.0.1:8080 npm run e2e`.
// The login comes from SHELFIQ_EMAIL and SHELFIQ_PASSWORD, or from the form when the demo fills it in.
// Screenshots of every page, both themes, wide and narrow, land in e2e/out.

import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { flows as accessibility, signInIsAccessible } from './flows/accessibility.mjs'
import { flows as decisions } from './flows/decisions.mjs'
import { flows as identity, signIn, signOut } from './flows/identity.mjs'
import { flows as imports } from './flows/imports.mjs'
import { flows as layout } from './flows/layout.mjs'
import { flows as products } from './flows/products.mjs'
import { flows as settings } from './flows/settings.mjs'

const base = (process.env.SHELFIQ_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '')
const only = process.argv[2]
const out = new URL('./out/', import.meta.url).pathname
mkdirSync(out, { recursive: true })

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  locale: 'en-GB',
  colorScheme: 'light',
  reducedMotion: 'reduce',
})
context.setDefaultTimeout(Number(process.env.SHELFIQ_E2E_TIMEOUT_MS ?? 30_000))
const page = await context.newPage()
const crashes = []
page.on('pageerror', (error) => crashes.push(error.message))

const world = { page, base, out, email: process.env.SHELFIQ_EMAIL, password: process.env.SHELFIQ_PASSWORD }
const suite = [
  signInIsAccessible,
  signIn,
  ...identity,
  ...products,
  ...decisions,
  ...imports,
  ...settings,
  ...layout,
  ...accessibility,
  signOut,
]
const chosen = only ? suite.filter((flow) => flow === signIn || flow.title.includes(only)) : suite

let passed = 0
let failed = 0
for (const { title, run } of chosen) {
  const started = performance.now()
  crashes.length = 0
  try {
    await run(world)
    if (crashes.length > 0) throw new Error(`the page threw: ${crashes.join('; ')}`)
    passed += 1
    console.log(`ok      ${title} (${Math.round(performance.now() - started)} ms)`)
  } catch (error) {
    failed += 1
    const shot = `${out}failed-${title.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)}.png`
    await page.screenshot({ path: shot }).catch(() => null)
    console.log(
      `FAILED  ${title}\n        ${String(error.message).replaceAll('\n', '\n        ')}\n        see ${shot}`,
    )
    // A dialog left open must not fail everything after it.
    await page.goto(base).catch(() => null)
  }
}
await browser.close()
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
