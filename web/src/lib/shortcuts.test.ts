import { describe, expect, test, vi } from 'vitest'
import { advance, listenForShortcuts, shortcuts } from '~/lib/shortcuts'

const bindings = [{ keys: 'j' }, { keys: 'g o' }, { keys: 'g p' }, { keys: 'o' }, { keys: '?' }]

function type(keys: string): string[] {
  const fired: string[] = []
  let pending = ''
  for (const key of keys.split(' ')) {
    const next = advance(pending, key, bindings)
    pending = next.pending
    if (next.fired) fired.push(next.fired.keys)
  }
  return fired
}

describe('shortcuts', () => {
  test('a single key fires at once', () => {
    expect(type('j j')).toEqual(['j', 'j'])
  })

  test('a sequence fires on its last key and not the key alone', () => {
    expect(type('g o')).toEqual(['g o'])
    expect(type('o')).toEqual(['o'])
  })

  test('a broken sequence starts over with the key that broke it', () => {
    expect(type('g j')).toEqual(['j'])
    expect(type('g g p')).toEqual(['g p'])
    expect(type('z ?')).toEqual(['?'])
  })

  test('keys typed into a field, with a modifier or behind a dialog are left alone', () => {
    const run = vi.fn()
    const stop = listenForShortcuts()
    const forget = shortcuts.register([{ keys: 'x', title: 'Select', group: 'Test', run }])
    const press = (target: EventTarget, init: KeyboardEventInit = {}) =>
      target.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', bubbles: true, ...init }))

    const field = document.body.appendChild(document.createElement('input'))
    press(field)
    press(document.body, { ctrlKey: true })
    const dialog = document.body.appendChild(document.createElement('div'))
    dialog.setAttribute('role', 'dialog')
    press(document.body)
    expect(run).not.toHaveBeenCalled()

    dialog.remove()
    press(document.body)
    expect(run).toHaveBeenCalledTimes(1)
    forget()
    press(document.body)
    expect(run).toHaveBeenCalledTimes(1)
    stop()
    field.remove()
  })
})
