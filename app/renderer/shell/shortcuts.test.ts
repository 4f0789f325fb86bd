import { expect, test } from 'vitest'
import { keysOf } from './shortcuts.ts'

const press = (key: string, held: Partial<Parameters<typeof keysOf>[0]> = {}) =>
  keysOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

test('keys are written one way, whatever the keyboard', () => {
  expect([
    press('r'),
    press('R'), // caps lock
    press('R', { shiftKey: true }),
    press('k', { ctrlKey: true }),
    press('k', { metaKey: true }),
    press('?', { shiftKey: true }),
    press('F1'),
    press('1', { ctrlKey: true }),
    press('ArrowDown', { shiftKey: true }),
  ]).toEqual(['r', 'r', 'Shift+R', 'Mod+K', 'Mod+K', '?', 'F1', 'Mod+1', 'Shift+ArrowDown'])
})
