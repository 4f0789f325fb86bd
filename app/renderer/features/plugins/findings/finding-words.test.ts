import { expect, test } from 'vitest'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { bySeverity, markedPart, placeOf } from './finding-words.ts'

const finding = (severity: Finding['severity'], code: string) => ({ severity, code }) as Finding

test('findings stand worst first, each severity in the order they were found', () => {
  const groups = bySeverity([finding('info', 'a'), finding('error', 'b'), finding('info', 'c')])
  expect(groups.map(([severity, own]) => [severity, own.map(({ code }) => code)])).toEqual([
    ['error', ['b']],
    ['info', ['a', 'c']],
  ])
})

test('a place is written as editors write it', () => {
  const at = { file: 'a.yaml', line: 3, column: 9, path: '/info' }
  expect([
    placeOf(at),
    placeOf({ ...at, column: null }),
    placeOf({ ...at, line: null }),
    placeOf({ ...at, file: '', line: null }),
  ]).toEqual(['a.yaml:3:9', 'a.yaml:3', 'a.yaml', '/info'])
})

test('the mark covers the word at the column, else the line without its margins', () => {
  const mark = (text: string, column: number | null) => text.slice(...markedPart(text, column))
  expect([
    mark('      operationId: getForecast', 7),
    mark('  "$ref": "#/components/x y"', 11),
    mark('  - {type: int}', 5),
    mark('    城市: 杭州', 5),
    mark('   whole line  ', null),
    mark('   short  ', 99),
  ]).toEqual(['operationId', '"#/components/x y"', '{type', '城市', 'whole line', 'short'])
})
