import { expect, test } from 'vitest'
import { indexItems, rank } from './rank.ts'

const item = (label: string, more: { hint?: string; words?: string } = {}) => ({
  key: label,
  label,
  run: () => {},
  ...more,
})
const index = indexItems([
  item('grafana', { hint: 'monitoring' }),
  item('api-gateway'),
  item('gateway', { words: 'envoyproxy/envoy:1.29' }),
  item('gate'),
  item('Restart gateway'),
  item('navigator'),
])
const found = (query: string, recent: string[] = [], limit = 10) =>
  rank(index, query, recent, limit).items.map(({ label }) => label)

test('a better place in the name comes first', () => {
  expect(found('gate')).toEqual(['gate', 'gateway', 'api-gateway', 'Restart gateway'])
})

test('words may come in any order, and from the project or the image', () => {
  expect([found('gateway restart'), found('envoy'), found('mon graf'), found('nothing like it')]).toEqual([
    ['Restart gateway'],
    ['gateway'],
    ['grafana'],
    [],
  ])
})

test('letters in their order are enough, and what was used lately wins among equals', () => {
  expect([found('grfn'), found('a', ['navigator'])[0], found('', ['navigator', 'gate']).slice(0, 2)]).toEqual([
    ['grafana'],
    'api-gateway',
    ['navigator', 'gate'],
  ])
})

test('only so many are shown, and it says when there are more', () => {
  const many = indexItems(Array.from({ length: 200 }, (_, n) => item(`svc-${n}`)))
  const { items, more } = rank(many, 'svc', [], 50)
  expect([items.length, more]).toEqual([50, true])
})
