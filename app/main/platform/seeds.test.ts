import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { inUse, readDocument, startUpstream } from '../features/plugins/calling/test-plugins.ts'
import { hubPlugin, startPlatform } from './test-world.ts'

// The commands of the source documents, as an operator types them; only the ports are free ones.

const run = promisify(execFile)
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
)
const converter = (server: string) => `openapi: 3.0.1
info: { title: Document converter, description: d, version: v1 }
servers: [{ url: '${server}' }]
paths:
  /convert:
    post:
      operationId: convert_document
      summary: Convert
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [fileUrl]
              properties:
                fileUrl: { type: string }
                outputFormat: { type: string }
                preserveFormatting: { type: boolean }
      responses:
        '200': { description: d, content: { application/json: { schema: { type: object } } } }
`

test.skipIf(!hasCurl)('the commands of the source documents run as they are written [needs curl]', async () => {
  const upstream = await startUpstream()
  const definition = await readDocument(converter(upstream.url), { id: '1', nameForModel: 'document_converter' })
  const { base, folder, of } = await startPlatform({
    plugins: [inUse(definition)],
    parts: ['plugin-service', 'coze-api'],
    answers: {
      list: () => [hubPlugin({ id: '1', tools: ['convert_document'] })],
      reload: () => ({ reloaded: ['1'], failed: [], unchanged: [] }),
      importStaged: () => ({ plugins: [{ id: 'dashscope', version: 'v1.0.0' }], findings: [] }),
    },
  })
  const curl = async (...args: string[]) =>
    JSON.parse((await run('curl', ['-s', '--noproxy', '*', ...args], { cwd: folder })).stdout)
  const hub = `http://localhost:${base}`
  const coze = `http://localhost:${base + 1}`

  expect(await curl(`${hub}/health`)).toMatchObject({ status: 'healthy', service: 'plugin-service' })
  const { data } = await curl(`${hub}/api/plugins`, '-H', 'X-User-Id: 1')
  expect(data.plugins).toHaveLength(1)
  writeFileSync(join(folder, 'dashscope.xpkg'), 'a package')
  const upload = ['-X', 'POST', `${hub}/api/plugins/upload`, '-H', 'X-User-Id: 1', '-F', 'file=@./dashscope.xpkg']
  expect(await curl(...upload)).toMatchObject({ success: true, data: { filename: 'dashscope.xpkg', findings: [] } })
  expect(of('importStaged')).toMatchObject([{ name: 'dashscope.xpkg', userId: '1' }])

  expect(await curl('-X', 'POST', `${coze}/admin/reload-plugins`)).toMatchObject({ reloaded: ['1'] })
  const { plugins } = await curl(`${coze}/admin/plugins`)
  const found = plugins.find(({ name }: { name: string }) => name === 'document_converter')
  expect(found).toMatchObject({ plugin_id: '1', status: 'active', tools: ['convert_document'] })
  const given = `{
    "fileUrl": "https://www.w3.org/WAI/ER/tests/xhtml/testfiles/resources/pdf/dummy.pdf",
    "outputFormat": "markdown",
    "preserveFormatting": true
}`
  const invoke = `${coze}/api/plugin/invoke/document_converter/convert_document`
  const answer = await curl('-X', 'POST', '-H', 'Content-Type: application/json', '-d', given, invoke)
  expect(answer).toMatchObject({ success: true, status_code: 200 })
  expect(JSON.parse(answer.data.body)).toEqual(JSON.parse(given))
})
