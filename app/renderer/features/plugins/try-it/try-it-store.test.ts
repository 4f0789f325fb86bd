import { beforeEach, expect, test } from 'vitest'
import {
  choose,
  draftOf,
  edit,
  keyOf,
  refusedBy,
  replaceArguments,
  setMode,
  setText,
  useTryIt,
} from './try-it-store.ts'

const key = keyOf('weather', 'forecast')
const draft = () => draftOf(useTryIt.getState(), key)
beforeEach(() => useTryIt.setState({ drafts: new Map(), answers: new Map(), running: new Map() }))

test('form and JSON are two writings of the same arguments', () => {
  edit(key, ['city'], 'Rome')
  edit(key, ['place', 'street'], 'Via Appia')
  setMode(key, 'json', draft().arguments)
  expect(draft().text).toBe('{\n  "city": "Rome",\n  "place": {\n    "street": "Via Appia"\n  }\n}')
  setText(key, '{"city": "Oslo", "not": "in the form"}')
  setMode(key, 'form', draft().arguments)
  expect(draft().arguments).toEqual({ city: 'Oslo', not: 'in the form' })
  edit(key, ['city'], 'Bergen')
  setMode(key, 'json', draft().arguments)
  expect(draft().text).toContain('"not": "in the form"')
})

test('JSON that cannot be read yet stays as it was typed, and the arguments as they were', () => {
  edit(key, ['city'], 'Rome')
  setMode(key, 'json', draft().arguments)
  setText(key, '{"city": ')
  setMode(key, 'form', draft().arguments)
  setMode(key, 'json', draft().arguments)
  expect([draft().text, draft().arguments]).toEqual(['{"city": ', { city: 'Rome' }])
})

test('a file has a short stand-in in the JSON and comes back whole', () => {
  const base64 = 'A'.repeat(30_000)
  edit(key, ['file'], { filename: 'a.bin', mediaType: 'x/y', base64 })
  setMode(key, 'json', draft().arguments)
  expect(draft().text!.length).toBeLessThan(200)
  setText(key, draft().text!.replace('a.bin', 'b.bin'))
  expect(draft().arguments).toEqual({ file: { filename: 'b.bin', mediaType: 'x/y', base64 } })
})

test('a call of the history is put into the draft from outside', () => {
  edit(key, ['city'], 'Rome')
  useTryIt.getState().draft('weather', 'forecast', { city: 'Lima' })
  expect([draft().arguments, draft().mode]).toEqual([{ city: 'Lima' }, 'form'])
})

test('a variant is chosen with what it begins with', () => {
  choose(key, ['shape'], 1, { kind: 'square' })
  expect([draft().choices, draft().arguments]).toEqual([{ '/shape': 1 }, { shape: { kind: 'square' } }])
  replaceArguments(key, {})
  expect(draft().choices).toEqual({})
})

test('what main refuses is found at its field', () => {
  const found = (code: string, details: Record<string, string>) =>
    [...refusedBy({ code, details })].map(([pointer, { key: words }]) => `${pointer} ${words}`)
  expect([
    found('ARGUMENT_MISSING', { names: 'city, days' }),
    found('ARGUMENT_INVALID', { name: 'place.street', reason: 'too long' }),
    found('UPSTREAM_FAILED', { host: 'a', status: '500' }),
    [...refusedBy(null)],
  ]).toEqual([
    ['/city tryIt.missing', '/days tryIt.missing'],
    ['/place.street tryIt.refused', '/place/street tryIt.refused'],
    [],
    [],
  ])
})

test('drafts do not pile up', () => {
  for (let index = 0; index < 60; index++) edit(keyOf('p', String(index)), ['a'], index)
  expect(useTryIt.getState().drafts.size).toBe(40)
})
