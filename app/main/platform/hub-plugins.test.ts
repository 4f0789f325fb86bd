import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import type { Finding } from '../../shared/contracts/plugin-findings.ts'
import { AppError } from '../../shared/errors.ts'
import { hubPlugin, startPlatform, tides } from './test-world.ts'

const finding: Finding = {
  ...{ severity: 'warning', code: 'META_EMPTY', details: {}, file: 'plugin_meta.yaml', line: 3, column: 1 },
  ...{ path: '/0', fixable: false },
}

test('plugins are listed for the hub and for Coze', async () => {
  const list = () => [hubPlugin(), hubPlugin({ id: 'x', name: 'Fog', state: 'waiting', tools: [] })]
  const { send } = await startPlatform({ answers: { list }, plugins: [await tides('http://127.0.0.1:1')] })
  const hub = await send('GET', '/api/plugins')
  expect(hub.json).toEqual({ success: true, data: { plugins: list() } })
  for (const name of ['7001', 'tides'])
    expect((await send('GET', `/api/plugins/${name}`)).json.data.plugin).toEqual(hubPlugin())
  const missing = await send('GET', '/api/plugins/none')
  expect([missing.status, missing.json.code]).toEqual([404, 'PLUGIN_NOT_FOUND'])
  expect((await send('GET', '/admin/plugins')).json.plugins).toEqual([
    expect.objectContaining({
      ...{ plugin_id: '7001', name: 'tides', status: 'active', version: 'v1.0.0', tools: ['high_water'] },
    }),
    expect.objectContaining({ plugin_id: 'x', name: 'Fog', status: 'disabled' }),
  ])
})

test('what is done to a plugin is asked of main, with who asks', async () => {
  const version = { versionId: 4, version: 'v1.1.0', uploadedAt: 0, active: true }
  const answers = {
    ...{ setEnabled: () => undefined, remove: () => undefined, activate: () => version, versions: () => [version] },
    configure: () => undefined,
    configuration: () => ({ api_key: 'abcd****wxyz', region: null }),
    reload: () => ({
      reloaded: ['a'],
      failed: [{ plugin: 'b', findings: [finding] }],
      unchanged: ['c'],
    }),
  }
  const { send, of } = await startPlatform({ answers })
  const user = { 'x-user-id': 'ada' }
  expect((await send('POST', '/api/plugins/7001/disable', {}, user)).status).toBe(200)
  expect((await send('POST', '/api/plugins/7001/enable')).status).toBe(200)
  expect(of('setEnabled')).toEqual([
    { id: '7001', enabled: false, userId: 'ada' },
    { id: '7001', enabled: true, userId: null },
  ])
  expect((await send('DELETE', '/api/plugins/7001', undefined, user)).json.success).toBe(true)
  expect(of('remove')).toEqual([{ id: '7001', userId: 'ada' }])
  expect((await send('POST', '/api/plugins/7001/versions/v1.1.0/activate', {}, user)).json.data).toMatchObject({
    version: 'v1.1.0',
  })
  expect(of('activate')).toEqual([{ id: '7001', version: 'v1.1.0', userId: 'ada' }])
  expect((await send('GET', '/api/plugins/7001/versions')).json.data.versions).toEqual([
    { version_id: 4, version: 'v1.1.0', active: true, uploaded_at: '1970-01-01T00:00:00.000Z' },
  ])
  const { json } = await send('GET', '/api/plugins/7001/config')
  expect(json.data).toEqual({ plugin_id: '7001', config: { api_key: 'abcd****wxyz', region: null } })
  await send('PUT', '/api/plugins/7001/config', json.data.config, user)
  await send('PUT', '/api/plugins/7001/config', { config: { retries: 3 } })
  expect(of('configure')).toEqual([
    { id: '7001', values: { api_key: 'abcd****wxyz', region: '' }, userId: 'ada' },
    { id: '7001', values: { retries: '3' }, userId: null },
  ])
  expect((await send('PUT', '/api/plugins/7001/config', { a: { b: 1 } })).status).toBe(400)
  const reloaded = await send('POST', '/admin/reload-plugins', undefined, { 'accept-language': 'zh-CN' })
  expect(reloaded.json).toEqual({
    ...{ reloaded: ['a'], unchanged: ['c'] },
    failed: [{ plugin: 'b', findings: [expect.objectContaining({ code: 'META_EMPTY', line: 3, fix: null })] }],
  })
  expect(reloaded.json.failed[0].findings[0].message).toMatch(/没有插件/)
})

const form = (name: string, content: string | Uint8Array<ArrayBuffer>, field = 'file') => {
  const body = new FormData()
  body.set(field, new Blob([content]), name)
  return body
}

test('an upload is streamed into the staging folder under a name of its own and handed to main', async () => {
  const seen: string[] = []
  const { url, stagingFolder, of } = await startPlatform({
    answers: {
      importStaged: ({ file }) => {
        seen.push(readFileSync(file, 'utf8'))
        return { plugins: [{ id: '7001', version: 'v1.0.0' }], findings: [finding] }
      },
    },
  })
  const answer = await fetch(`${url}/api/plugins/upload`, {
    ...{ method: 'POST', body: form('../../tides.ZIP', 'content') },
    headers: { 'x-user-id': 'ada' },
  })
  expect([answer.status, await answer.json()]).toEqual([
    200,
    {
      success: true,
      data: {
        ...{ plugin_id: '7001', filename: expect.stringMatching(/tides\.ZIP$/), version: 'v1.0.0' },
        ...{ message: expect.any(String), plugins: [{ plugin_id: '7001', version: 'v1.0.0' }] },
        findings: [
          {
            ...{ severity: 'warning', code: 'META_EMPTY', message: 'plugin_meta.yaml lists no plugin.', fix: null },
            ...{ file: 'plugin_meta.yaml', line: 3, column: 1, path: '/0', fixable: false },
          },
        ],
      },
    },
  ])
  const [asked] = of('importStaged')
  expect(seen).toEqual(['content'])
  expect(dirname(asked!.file)).toBe(stagingFolder)
  expect([asked!.file.endsWith('.zip'), asked!.userId]).toEqual([true, 'ada'])
  expect(readdirSync(stagingFolder)).toEqual([])
})

test('an upload without anything usable is refused with its findings', async () => {
  let refuse = false
  const { url } = await startPlatform({
    answers: {
      importStaged() {
        if (refuse) throw new AppError('PACKAGE_REFUSED', { reason: 'it is no zip' })
        return { plugins: [], findings: [finding] }
      },
    },
  })
  const upload = async (body: FormData | string) => {
    const answer = await fetch(`${url}/api/plugins/upload`, { method: 'POST', body })
    return { status: answer.status, json: await answer.json() }
  }
  const nothing = await upload(form('a.zip', 'x'))
  expect([nothing.status, nothing.json]).toEqual([
    422,
    expect.objectContaining({
      ...{ success: false, code: 'PACKAGE_NOTHING_FOUND', request_id: expect.any(String) },
      findings: [expect.objectContaining({ code: 'META_EMPTY' })],
    }),
  ])
  refuse = true
  const refused = await upload(form('a.zip', 'x'))
  expect([refused.status, refused.json]).toEqual([
    422,
    expect.objectContaining({ code: 'PACKAGE_REFUSED', findings: [] }),
  ])
  expect(await upload(form('a.zip', 'x', 'other'))).toMatchObject({ status: 400, json: { code: 'BAD_INPUT' } })
  expect((await upload('text')).status).toBe(415)
})

test('an upload that is broken off, or too large, leaves nothing and imports nothing', async () => {
  const { base, url, stagingFolder, of, send } = await startPlatform()
  const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
  const socket = connect(base, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    `POST /api/plugins/upload HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 1000000\r\n\r\n${head}`,
  )
  socket.write('x'.repeat(100_000))
  await expect.poll(() => readdirSync(stagingFolder)).toHaveLength(1)
  socket.destroy()
  await expect.poll(() => readdirSync(stagingFolder)).toEqual([])

  const large = await fetch(`${url}/api/plugins/upload`, {
    ...{ method: 'POST', body: form('large.zip', new Uint8Array(101 * 1024 * 1024)) },
  })
  expect([large.status, (await large.json()).code]).toEqual([413, 'UPLOAD_TOO_LARGE'])
  expect(readdirSync(stagingFolder)).toEqual([])
  expect(of('importStaged')).toEqual([])
  expect((await send('GET', '/healthz')).status).toBe(200)
})

test('a form that is none, or ends too early, is the caller’s mistake and leaves nothing', async () => {
  const { url, stagingFolder, of } = await startPlatform()
  const send = async (type: string, body: string) => {
    const headers = { 'content-type': `multipart/form-data${type}` }
    const answer = await fetch(`${url}/api/plugins/upload`, { method: 'POST', headers, body })
    return [answer.status, (await answer.json()).code]
  }
  const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
  expect(await send('', 'x')).toEqual([400, 'BAD_INPUT'])
  expect(await send('; boundary=b', '--b\r\nnonsense')).toEqual([400, 'BAD_INPUT'])
  expect(await send('; boundary=b', `${head}half of it`)).toEqual([400, 'BAD_INPUT'])
  expect(readdirSync(stagingFolder)).toEqual([])
  expect([of('importStaged'), of('log')]).toEqual([[], []])
})
