import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CodeRequest, codeOf } from './code.ts'

const run = promisify(execFile)
const has = (command: string, ...words: string[]) =>
  run(command, words).then(
    () => true,
    () => false,
  )
const hasCurl = await has('curl', '--version')
const hasPython = await has('python3', '-c', 'pass')
const hasRequests = await has('python3', '-c', 'import requests')

interface Arrived {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
let arrived: Arrived[] = []
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { method, url, headers } = request
    arrived.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
    response.end('ok')
  })
})
const folder = mkdtempSync(join(tmpdir(), 'pilothouse-code-'))
let base = ''
beforeAll(async () => {
  writeFileSync(join(folder, 'a; "b".txt'), 'file of the test')
  writeFileSync(join(folder, 'body.bin'), 'bytes')
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const here = { cwd: folder, env: { ...process.env, NO_PROXY: '*', no_proxy: '*' } }
const shells: Record<
  string,
  { usable: boolean; needs: string; run: (code: ReturnType<typeof codeOf>) => Promise<unknown> }
> = {
  curl: { usable: hasCurl, needs: 'curl', run: ({ curl }) => run('sh', ['-c', curl], here) },
  fetch: {
    usable: true,
    needs: 'nothing more',
    run: ({ fetch }) => run(process.execPath, ['--input-type=module', '-e', fetch], here),
  },
  python: {
    usable: hasPython && hasRequests,
    needs: 'Python with requests',
    run: ({ python }) => run('python3', ['-c', python], here),
  },
}

const tricky = `it's "quoted" $HOME \`id\` \\ 中文 😀 \u2028\nline`
const value = {
  text: tricky,
  yes: true,
  no: false,
  none: null,
  list: [1, -2.5, 1e21, []],
  deep: { empty: {}, "it's": '' },
}
const json = { 'content-type': 'application/json', 'x-token': '<service_token>', 'x-empty': '' }
const requests: Record<string, Omit<CodeRequest, 'url'> & { path: string }> = {
  get: {
    method: 'GET',
    path: '/a%20b?q=%27x%27&list[]=1&l=2',
    headers: { accept: 'text/x' },
    body: null,
    bodyKind: null,
  },
  head: { method: 'HEAD', path: '/', headers: {}, body: null, bodyKind: null },
  json: { method: 'POST', path: '/', headers: json, body: JSON.stringify(value), bodyKind: 'json' },
  'json null': { method: 'PUT', path: '/', headers: json, body: 'null', bodyKind: 'json' },
  'json with __proto__': { method: 'PATCH', path: '/', headers: json, body: '{"__proto__":{"a":1}}', bodyKind: 'json' },
  form: {
    ...{ method: 'POST', path: '/', body: 'a=%40x&b=it%27s+1', bodyKind: 'form' },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  text: {
    ...{ method: 'DELETE', path: '/', body: `@${tricky}`, bodyKind: 'text' },
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-city': Buffer.from('北京').toString('latin1') },
  },
  binary: {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'image/png' },
    body: '(5 bytes)',
    bodyKind: 'binary',
  },
}

describe.each(Object.keys(shells))('%s', (shell) => {
  const { usable, needs, run: send } = shells[shell]!
  test.skipIf(!usable).each(Object.keys(requests))(`sends the same request: %s [needs ${needs}]`, async (name) => {
    const { path, ...request } = requests[name]!
    arrived = []
    await send(codeOf({ ...request, url: base + path }))
    const [got, ...more] = arrived
    expect(more).toEqual([])
    // Some write brackets encoded.
    expect([got!.method, decodeURIComponent(got!.url!)]).toEqual([request.method, decodeURIComponent(path)])
    expect(got!.headers).toMatchObject(request.headers)
    if (request.bodyKind === 'json') expect(JSON.parse(got!.body)).toEqual(JSON.parse(request.body!))
    else expect(got!.body).toBe(request.bodyKind === 'binary' ? 'bytes' : (request.body ?? ''))
  })

  test.skipIf(!usable)(`sends files and the texts beside them [needs ${needs}]`, async () => {
    arrived = []
    const files = [{ field: 'file', filename: 'a; "b".txt', mediaType: 'text/csv' }]
    const body = 'note=@two\nlines\nfile=a; "b".txt (16 bytes)\nlast=<x>'
    const headers = { 'content-type': 'multipart/form-data; boundary=ours' }
    await send(codeOf({ method: 'POST', url: base, headers, body, bodyKind: 'multipart', files }))
    const { headers: sent, body: raw } = arrived[0]!
    const form = await new Response(raw, { headers: { 'content-type': sent['content-type']! } }).formData()
    const file = form.get('file') as File
    // A form of the Fetch standard ends its lines with CR LF.
    const note = String(form.get('note')).replaceAll('\r\n', '\n')
    expect([note, form.get('last'), await file.text(), file.type]).toEqual([
      ...['@two\nlines', '<x>', 'file of the test', 'text/csv'],
    ])
    expect(sent['content-type']).not.toContain('ours')

    arrived = []
    const fields = [{ name: 'a', value: 'x\nb=1' }]
    await send(codeOf({ method: 'POST', url: base, headers, body: null, bodyKind: 'multipart', fields }))
    expect([arrived[0]!.method, arrived[0]!.body.replaceAll('\r\n', '\n')]).toEqual([
      'POST',
      expect.stringContaining('name="a"\n\nx\nb=1\n'),
    ])
  })
})

test('fetch says that it sends no body with GET', async () => {
  const { curl, fetch } = codeOf({ method: 'GET', url: base, headers: {}, body: '{}', bodyKind: 'json' })
  expect(fetch).toContain('// fetch sends no body with GET')
  expect(curl).toContain('-X GET')
})

test.skipIf(!hasPython)('the Python is Python [needs Python]', async () => {
  const programs = Object.values(requests).map(({ path, ...one }) => codeOf({ ...one, url: base + path }).python)
  const check = 'import sys; [compile(one, "call", "exec") for one in sys.argv[1:]]'
  await run('python3', ['-c', check, ...programs])
})
