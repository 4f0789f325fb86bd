import { expect, test } from 'vitest'
import { autostartEntry } from './autostart-entry.ts'

test('every word of the command survives the quoting of desktop entries', () => {
  const entry = autostartEntry('/opt/My App/pilothouse', ['--data="a" $b', '\\c', '`d`', '100%'])
  const [, command = ''] = /^Exec=(.*)$/m.exec(entry) ?? []

  // Within quotes " ` $ and \ take a backslash, and % doubles; as a string of the file each backslash doubles again.
  expect(command.split('" "')).toEqual([
    '"/opt/My App/pilothouse',
    String.raw`--data=\\"a\\" \\$b`,
    String.raw`\\\\c`,
    '\\\\`d\\\\`',
    '100%%"',
  ])
})
