import { expect, test } from 'vitest'
import { cpuMs } from '../../../tests/lib/cpu-time.ts'
import { jsonBody } from './json-body.ts'
import { startPlatform } from './test-world.ts'

const bodyOf = (text: string) => jsonBody(Buffer.from(text))
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

test('depth is counted outside of texts, with their escapes', () => {
  const text = `{"a":"${'['.repeat(500)}\\"${'{'.repeat(500)}\\\\","b":${nested(199)}}`
  expect(bodyOf(text)).toEqual(JSON.parse(text))
  expect(() => bodyOf(text.replace('"b":', '"b":['))).toThrow()
  expect(() => bodyOf(`${nested(201)}`)).toThrow('it is nested deeper than 200')
  const quotes = '\\"'.repeat(2_000_000)
  const begun = cpuMs()
  expect(bodyOf(`["${quotes}"]`)).toEqual(['"'.repeat(2_000_000)])
  expect(cpuMs() - begun).toBeLessThan(1000)
})

test('a body that is no UTF-8 is refused on every path, and never mended', async () => {
  const { send } = await startPlatform()
  const bytes = Buffer.from('{"messages":[{"role":"user","content":"caf\xe9"}]}', 'latin1')
  for (const path of ['/v1/chat/completions', '/api/v1/chat', '/api/plugin/invoke/tides/high_water', '/mcp']) {
    const { status, text } = await send('POST', path, bytes)
    expect([path, status, text]).toEqual([path, 400, expect.stringContaining('it is no UTF-8')])
    expect(text).toContain('BAD_INPUT')
  }
})

test('a body that is no JSON is refused without a word of it', async () => {
  const { send } = await startPlatform()
  const bodies = ['{"api_key":"sk-test-abcdef",oops}', 'sk-test-abcdef', `{"api_key":"sk-test-abcdef"${' '.repeat(50)}`]
  for (const body of bodies) {
    const { status, text } = await send('POST', '/v1/chat/completions', body)
    expect([status, text.includes('it is no JSON'), text.includes('sk-test')]).toEqual([400, true, false])
  }
  const deep = await send('POST', '/v1/chat/completions', `{"messages":[{"role":"user","content":${nested(5000)}}]}`)
  expect([deep.status, deep.json.error.message]).toEqual([400, expect.stringContaining('nested deeper than 200')])
})
