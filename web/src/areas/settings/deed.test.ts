import { expect, test } from 'vitest'
import { deedOf, subjectOf } from '~/areas/settings/deed'

test('an action of the log reads as a deed', () => {
  expect(deedOf({ action: 'recommendation.accepted' })).toBe('Accepted a recommendation')
  expect(deedOf({ action: 'import.queued' })).toBe('Queued an import')
  expect(deedOf({ action: 'api_key.created' })).toBe('Created an API key')
  expect(deedOf({ action: 'session.opened' })).toBe('Signed in')
})

test('the subject is called by its best known name', () => {
  expect(subjectOf({ before: null, after: { id: '1', name: 'Etsy', kind: 'store' } })).toBe('Etsy')
  expect(subjectOf({ before: { sku: 'MUG-1' }, after: null })).toBe('MUG-1')
  expect(subjectOf({ before: null, after: { id: '1' } })).toBeNull()
})
