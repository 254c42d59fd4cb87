// What was typed into the simulator, as a question to the server.

import type { Scenario } from '~/api/simulation'
import type { Read } from '~/areas/products/detail/read-form'
import { addDays, type Day } from '~/lib/days'
import { parseTyped } from '~/lib/money'

const DELIVERY_DAYS = 7

/** Reads the form; an empty field means "as it is". */
export function scenarioOf(form: FormData, tomorrow: Day, horizonDays: number): Read<Scenario> {
  const typed = (name: string) => String(form.get(name) ?? '').trim()
  const scenario: Scenario = { horizon_days: horizonDays }
  for (const name of ['price', 'unit_cost', 'rival_price'] as const) {
    if (typed(name) === '') continue
    const amount = parseTyped(typed(name))
    if (amount === null || (name !== 'unit_cost' && Number(amount) <= 0) || Number(amount) < 0) {
      return { kind: 'invalid', problem: `“${typed(name)}” is not an amount such as 12.90.` }
    }
    scenario[name] = amount
  }
  const whole = (name: string) => (/^\d{1,9}$/.test(typed(name)) ? Number(typed(name)) : null)
  for (const name of ['stock_units', 'delivered_units', 'delivery_days']) {
    if (typed(name) !== '' && whole(name) === null) {
      return { kind: 'invalid', problem: `“${typed(name)}” is not a whole number.` }
    }
  }
  const stock = whole('stock_units')
  if (stock !== null) scenario.stock_units = stock
  const units = whole('delivered_units')
  if (units !== null) {
    const days = Math.min(Math.max(whole('delivery_days') ?? DELIVERY_DAYS, 1), horizonDays)
    scenario.deliveries = [{ day: addDays(tomorrow, days - 1), units }]
  }
  if (form.get('promotion') !== null) {
    scenario.promotion = { first_day: tomorrow, last_day: addDays(tomorrow, horizonDays - 1) }
  }
  return { kind: 'valid', question: scenario }
}
