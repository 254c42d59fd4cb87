// What was typed into the season planner, as a question to the server.

import type { SeasonQuestion } from '~/api/season'
import type { Read } from '~/areas/products/detail/read-form'
import type { Day } from '~/lib/days'
import { parseTyped } from '~/lib/money'

/** Reads the form; an empty stock is the one counted, an empty value nothing. */
export function seasonOf(form: FormData, tomorrow: Day): Read<SeasonQuestion> {
  const typed = (name: string) => String(form.get(name) ?? '').trim()
  const until = typed('until')
  if (until === '' || until < tomorrow) return { kind: 'invalid', problem: 'Choose a last day after today.' }
  const question: SeasonQuestion = { until }
  const stock = typed('stock_units')
  if (stock !== '') {
    if (!/^[1-9]\d{0,8}$/.test(stock)) return { kind: 'invalid', problem: `“${stock}” is not a number of units.` }
    question.stock_units = Number(stock)
  }
  const leftover = typed('leftover_value').replace('−', '-')
  if (leftover !== '') {
    const amount = parseTyped(leftover.replace(/^-/, ''))
    if (amount === null) return { kind: 'invalid', problem: `“${leftover}” is not an amount such as 2.50.` }
    question.leftover_value = leftover.startsWith('-') ? `-${amount}` : amount
  }
  return { kind: 'valid', question }
}
