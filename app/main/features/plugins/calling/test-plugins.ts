import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { packageFiles } from '../../../../../tests/lib/package-files.ts'
import { tempFolder } from '../../../../../tests/lib/temp-folder.ts'
import type { ReadPlugin } from '../packages/package-types.ts'
import { readFiles } from '../packages/read-package.ts'
import { createCaller } from './call-tool.ts'
import type { CallArguments, CallablePlugin, CallRequest, OAuthTokens } from './call-types.ts'
import { createDefinitions } from './load-plugin.ts'

export interface Heard {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly bytes: Buffer
}

/** A server for the length of a test, and what it heard. It answers with what it heard unless told otherwise. */
export async function startUpstream(
  answer: (heard: Heard, response: ServerResponse, request: IncomingMessage) => void = (heard, response) => {
    const { method, url, body } = heard
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ method, url, body }))
  },
) {
  const heard: Heard[] = []
  const sockets = new Set<unknown>()
  const server = createServer(async (request, response) => {
    sockets.add(request.socket)
    const bytes = await buffer(request)
    const { method = '', url = '', headers } = request
    const one = { method, url, headers, bytes, body: bytes.toString() }
    heard.push(one)
    answer(one, response, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, heard, sockets }
}

/** The plugin of an OpenAPI document, read as an import reads it; `change` turns it into what no document says. */
export async function readDocument(text: string, change: Partial<ReadPlugin> = {}): Promise<ReadPlugin> {
  const { plugins, findings } = await readFiles(packageFiles({ 'api.yaml': text }), { strict: false })
  if (!plugins[0]) throw new Error(JSON.stringify(findings))
  return { ...plugins[0], ...change }
}

let lastVersion = 0
/** A plugin in use, its definition in a file. */
export function inUse(definition: ReadPlugin, change: Partial<CallablePlugin> = {}): CallablePlugin {
  const definitionFile = join(tempFolder(), 'definition.json')
  writeFileSync(definitionFile, JSON.stringify(definition))
  const { id, name, nameForModel, kind, version } = definition
  return {
    ...{ id, name, nameForModel, kind, version, versionId: ++lastVersion, state: 'active', definitionFile },
    ...{ configuration: {}, tokens: null, recording: false },
    ...change,
  }
}

export function callerFor(change: Partial<Parameters<typeof createCaller>[0]> = {}) {
  const kept: OAuthTokens[] = []
  const caller = createCaller({
    policy: () => ({ allowLoopback: true, allowPrivate: true }),
    definitions: createDefinitions(),
    keepTokens: (_id, tokens) => kept.push(tokens),
    ...change,
  })
  onTestFinished(() => caller.stop())
  const call = (
    plugin: CallablePlugin,
    operation: string,
    given: CallArguments = {},
    request: Partial<CallRequest> = {},
  ) => caller.call(plugin, operation, { requestId: 'r', arguments: given, ...request })
  return { caller, call, kept }
}
