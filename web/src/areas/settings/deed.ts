// A line of the activity log in words: what was done, and to what.

import type { AuditEntry } from '~/api/types'

const SUBJECTS: Record<string, string> = {
  alert: 'alert',
  alert_rule: 'alert rule',
  api_key: 'API key',
  import: 'import',
  member: 'member',
  merchant: 'shop',
  recommendation: 'recommendation',
  schedule: 'schedule',
  session: 'session',
  sku_settings: 'limits',
  store: 'store',
  view: 'view',
}

const DEEDS: Record<string, string> = {
  'session.opened': 'Signed in',
  'session.closed': 'Signed out',
  'merchant.created': 'Opened the shop',
  'merchant.changed': 'Changed the shop settings',
  'alert_rule.created': 'Set up an alert rule',
  'import.running': 'Started an import',
  'schedule.set': 'Set the schedule',
}

/** "recommendation.accepted" → "Accepted a recommendation". */
export function deedOf({ action }: Pick<AuditEntry, 'action'>): string {
  const known = DEEDS[action]
  if (known !== undefined) return known
  const [subject = '', verb = ''] = action.split('.')
  const name = SUBJECTS[subject] ?? subject.replaceAll('_', ' ')
  const words = verb.replaceAll('_', ' ')
  const article = /^[aeio]|^API/.test(name) ? 'an' : 'a'
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${article} ${name}`
}

/** Fields that say which one it was, the best first. */
const NAMING = ['title', 'name', 'file', 'sku', 'email', 'key', 'kind'] as const

/** What a reader calls the subject; null where the log holds only its number. */
export function subjectOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): string | null {
  for (const name of NAMING) {
    for (const state of [after, before]) {
      const value = fieldOf(state, name)
      if (value !== null) return value
    }
  }
  return null
}

function fieldOf(state: unknown, name: string): string | null {
  if (typeof state !== 'object' || state === null) return null
  const value = new Map<string, unknown>(Object.entries(state)).get(name)
  return typeof value === 'string' && value !== '' ? value : null
}
