import assert from 'node:assert/strict'

/** Waits until `probe` gives something truthy; the page is asked again after each animation frame. */
export async function eventually(page, what, probe) {
  const deadline = Date.now() + 30_000
  for (;;) {
    const found = await probe()
    if (found) return found
    if (Date.now() > deadline) assert.fail(`never happened: ${what}`)
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  }
}

export async function visible(locator) {
  await locator.waitFor({ state: 'visible' })
  return locator
}

/** Opens a path of the app and waits for its heading. */
export async function open({ page, base }, path) {
  await page.goto(base + path)
  await visible(page.getByRole('heading', { level: 1 }))
  await settled(page)
}

/** No skeleton and no page on its way. */
export async function settled(page) {
  await page.waitForFunction(
    () => document.querySelector('[aria-busy=true], [role=status] > .visually-hidden') === null,
  )
}
