import { expect, test } from 'vitest'
import { createGathered, MOST_ARGUMENTS } from './gathered.ts'

const event = (delta: object, more: object = {}) =>
  Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta }], ...more })}\n\n`)
const tool = (index: number | undefined, id: string | undefined, name: string | undefined, text: unknown) => ({
  tool_calls: [{ index, id, function: { name, arguments: text } }],
})

test('words and tools come in pieces, as vendors cut them', () => {
  const heard: string[] = []
  const gathered = createGathered((text) => heard.push(text))
  gathered.push(Buffer.concat([event({ role: 'assistant', content: 'Let me ' }), event({ content: 'look.' })]))
  gathered.push(event(tool(0, 'a', 'tides', '{"har')))
  // The name again with every piece, as some do; the id only once.
  gathered.push(event(tool(0, undefined, 'tides', 'bour":1}')))
  // An id that is taken, none at all, arguments that are no text.
  gathered.push(event(tool(1, 'a', 'fog', '')))
  gathered.push(event(tool(2, undefined, 'gauge', { level: 2 })))
  gathered.push(event({}, { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }))
  gathered.push(Buffer.from(': keep alive\n\ndata: garbage\n\ndata: [DONE]\n\n'))
  expect([heard, gathered.answer()]).toEqual([
    ['Let me ', 'look.'],
    {
      text: 'Let me look.',
      wishes: [
        { id: 'a', name: 'tides', arguments: '{"harbour":1}' },
        { id: 'a_2', name: 'fog', arguments: '' },
        { id: 'call_3', name: 'gauge', arguments: '{"level":2}' },
      ],
    },
  ])
})

test('two tools that both have the number 0 stay two', () => {
  const gathered = createGathered(() => {})
  gathered.push(event(tool(0, 'a', 'tides', '{"harbour":1}')))
  gathered.push(event(tool(0, 'b', 'tides', '{"harbour":')))
  // Another id with every piece, as some do, is the same tool's while it has no name.
  gathered.push(event(tool(0, 'c', undefined, '2}')))
  expect(gathered.answer().wishes).toEqual([
    { id: 'a', name: 'tides', arguments: '{"harbour":1}' },
    { id: 'b', name: 'tides', arguments: '{"harbour":2}' },
  ])
})

test('what a vendor sends is bounded, and nothing of it breaks', () => {
  const heard: number[] = []
  const gathered = createGathered((text) => heard.push(text.length))
  for (let n = 0; n < 30; n++) gathered.push(event({ content: 'x'.repeat(10_000) }))
  for (let n = 0; n < 100; n++) gathered.push(event(tool(n, `t${n}`, 'y'.repeat(300), 'z'.repeat(MOST_ARGUMENTS * 2))))
  for (const odd of [null, 7, [], { choices: 7 }, { choices: [{ message: { content: 7, tool_calls: 'x' } }] }])
    gathered.whole(odd as never)
  const { text, wishes } = gathered.answer()
  expect([text.length, heard.length, wishes.length]).toEqual([100_000, 10, 64])
  expect([wishes[0]!.name.length, wishes[0]!.arguments.length]).toEqual([200, MOST_ARGUMENTS + 1])
})
