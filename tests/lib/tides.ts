import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** An HTTP service for plugins to call, and what it heard. */
export async function startTides() {
  const heard: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    const body = await text(request)
    heard.push({ method, url, headers, body })
    const { pathname, searchParams } = new URL(url, 'http://tides')
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (pathname === '/health') answer(200, { status: 'ok' })
    else if (pathname === '/tides') answer(200, { harbour: searchParams.get('harbour'), high: ['04:12', '16:40'] })
    else if (pathname === '/alerts' && method === 'POST') answer(200, { created: JSON.parse(body) })
    else if (pathname === '/broken') answer(500, { error: 'the gauge is dry' })
    else answer(404, { error: 'nothing here' })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The plugin of that service as a Coze folder, written below `folder`; `paths` may replace its operations. */
export function writeTidesPackage(
  folder: string,
  server: string,
  options: { readonly version?: string; readonly query?: string } = {},
): string {
  const { version = 'v1.0.0', query = 'harbour' } = options
  const root = join(folder, 'tides')
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'plugin_meta.yaml'), meta(version))
  writeFileSync(join(root, 'tides.yaml'), api(server, query))
  return root
}

const meta = (version: string) => `- plugin_id: 7001
  product_id: 9001
  deprecated: false
  version: ${version}
  openapi_doc_file: tides.yaml
  plugin_type: 1
  manifest:
    schema_version: v1
    name_for_model: tides
    name_for_human: Tide tables
    description_for_model: High water by harbour.
    description_for_human: High water by harbour.
    auth:
      type: none
    logo_url: official_plugin_icon/tides.png
    api:
      type: openapi
    common_params:
      body: []
      header:
        - name: User-Agent
          value: Tides/1.0
      path: []
      query: []
  tools:
    - tool_id: 70011
      deprecated: false
      method: get
      sub_url: /tides
    - tool_id: 70012
      deprecated: false
      method: post
      sub_url: /alerts
    - tool_id: 70013
      deprecated: false
      method: get
      sub_url: /broken
`

const api = (server: string, query: string) => `openapi: 3.0.1
info:
  title: Tide tables
  description: High water by harbour.
  version: v1
servers:
  - url: ${server}
paths:
  /tides:
    get:
      operationId: high_water
      summary: When the water is high
      parameters:
        - name: ${query}
          in: query
          required: true
          description: Name of the harbour
          schema: { type: string, example: Husum }
      responses:
        '200':
          description: times
          content:
            application/json:
              schema:
                type: object
                properties:
                  harbour: { type: string }
                  high: { type: array, items: { type: string } }
  /alerts:
    post:
      operationId: set_alert
      summary: Set an alert
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [level]
              properties:
                level: { type: number, minimum: 0, description: Metres }
                loud: { type: boolean, default: false }
      responses:
        '200':
          description: the alert
          content:
            application/json:
              schema: { type: object, properties: { created: { type: object } } }
  /broken:
    get:
      operationId: gauge
      summary: Read the gauge
      responses:
        '200':
          description: never
          content:
            application/json:
              schema: { type: object }
`
