import { expect, test } from 'vitest'
import { jsonBody } from './json-body.ts'
import { startPlatform } from './test-world.ts'

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

test('depth is counted outside of texts, with their escapes', () => {
  const text = `{"a":"${'['.repeat(500)}\\"${'{'.repeat(500)}\\\\","b":${nested(199)}}`
  expect(jsonBody(text)).toEqual(JSON.parse(text))
  expect(() => jsonBody(text.replace('"b":', '"b":['))).toThrow()
  expect(() => jsonBody(`${nested(201)}`)).toThrow('it is nested deeper than 200')
  const quotes = '\\"'.repeat(2_000_000)
  const begun = performance.now()
  expect(jsonBody(`["${quotes}"]`)).toEqual(['"'.repeat(2_000_000)])
  expect(performance.now() - begun).toBeLessThan(1000)
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
