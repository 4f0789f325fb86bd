import { expect, test } from 'vitest'
import type { Text } from './catalogue.ts'
import { en } from './en.ts'
import { textIn } from './text.ts'
import { zhCN } from './zh-CN.ts'

const flat = (catalogue: object): Map<string, Text> =>
  new Map(
    Object.entries(catalogue).flatMap(([area, texts]) =>
      Object.entries(texts as Record<string, Text>).map(([key, text]) => [`${area}.${key}`, text] as const),
    ),
  )
const forms = (text: Text) => (typeof text === 'string' ? [text] : [text.one, text.other])
const placeholders = (text: Text) =>
  [
    ...new Set(
      forms(text)
        .join()
        .match(/\{\w+\}/g),
    ),
  ].sort()
/** Words that are the same in both. */
const names = /Docker|Compose|Shell/g
const english = flat(en)
const chinese = flat(zhCN)

test('both languages say the same things', () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
})

test('both languages name the same values', () => {
  const of = (texts: Map<string, Text>) =>
    Object.fromEntries([...texts].map(([key, text]) => [key, placeholders(text)]))
  expect(of(chinese)).toEqual(of(english))
})

test('no text is empty, and no Chinese text was left in English', () => {
  const empty = [...english, ...chinese].filter(([, text]) => forms(text).some((form) => form.trim() === ''))
  const left = [...chinese].filter(([key, text]) => forms(text).join() === forms(english.get(key)!).join())
  expect({ empty, left: left.filter(([, text]) => /[a-z]{4}/.test(forms(text).join().replace(names, ''))) }).toEqual({
    empty: [],
    left: [],
  })
})

test('a number chooses its form and is written in the language', () => {
  expect([
    textIn('en', 'shell.attention', { count: 1 }),
    textIn('en', 'shell.attention', { count: 1200 }),
    textIn('zh-CN', 'shell.attention', { count: 1 }),
  ]).toEqual(['1 needs attention', '1,200 need attention', '1 项需要关注'])
})
