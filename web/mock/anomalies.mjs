// What is unusual about made-up products, and what was said about it.

import { day } from './shop.mjs'

const SEEN = [
  {
    at: -3,
    measure: 'units',
    kind: 'spike',
    direction: 'above',
    actual: 38,
    expected: { value: 14, low: 6, high: 23 },
  },
  { at: -19, measure: 'units', kind: 'drop', direction: 'below', actual: 0, expected: { value: 12, low: 4, high: 21 } },
  {
    at: -41,
    measure: 'units',
    kind: 'spike',
    direction: 'above',
    actual: 31,
    expected: { value: 13, low: 5, high: 22 },
  },
]

/** Answers by path: `sku/measure/day`. */
const answers = new Map()

const keyOf = ({ sku, measure, day }) => `${sku}/${measure}/${day}`

export function anomalies(sku) {
  const items = SEEN.map(({ at, ...seen }) => {
    const key = { sku, measure: seen.measure, day: day(at) }
    const answer = answers.get(keyOf(key)) ?? null
    const { low, high } = seen.expected
    return {
      ...key,
      ...seen,
      days: 1,
      p_value: 0.0002,
      sentence: `${seen.actual} sold on ${key.day}; ${low}–${high} expected`,
      standing: answer?.answer === 'dismissed' ? 'dismissed' : 'told',
      answer,
      coincides_with:
        seen.kind === 'spike'
          ? [{ kind: 'price', text: 'price cut of 12 % the day before', since: day(at - 1), share: 0.81 }]
          : [],
    }
  })
  return {
    items,
    level_shifts: [{ since: day(-75), before: 4.1, after: 6 }],
    trend: { since: day(-75), daily_units_per_week: 0.14, p_value: 0.004 },
  }
}

export function answerAnomaly(sku, measure, day, { answer, note = null }, author) {
  const key = { sku, measure, day }
  const found = anomalies(sku).items.find((each) => keyOf(each) === keyOf(key))
  if (!found) return null
  answers.set(keyOf(key), { ...key, kind: found.kind, answer, note, author, at: new Date().toISOString() })
  return anomalies(sku).items.find((each) => keyOf(each) === keyOf(key))
}

export function withdrawAnswer(sku, measure, day) {
  answers.delete(keyOf({ sku, measure, day }))
}
