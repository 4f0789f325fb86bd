import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A Coze folder with so many plugins and tools, all of one server. */
export function writeManyPlugins(folder: string, server: string, plugins: number, tools: number): string {
  mkdirSync(folder, { recursive: true })
  const entries: string[] = []
  for (let p = 0; p < plugins; p++) {
    const file = `plugin-${p}.yaml`
    const numbers = Array.from({ length: tools }, (_, t) => t)
    writeFileSync(join(folder, file), document(p, server, numbers))
    entries.push(entry(p, file, numbers))
  }
  writeFileSync(join(folder, 'plugin_meta.yaml'), entries.join(''))
  return folder
}

const entry = (p: number, file: string, tools: readonly number[]) => `- plugin_id: ${10_000 + p}
  product_id: ${20_000 + p}
  version: v1.0.0
  openapi_doc_file: ${file}
  plugin_type: 1
  manifest:
    schema_version: v1
    name_for_model: measured_${p}
    name_for_human: Measured ${p}
    description_for_model: Answers with what it was asked.
    description_for_human: Answers with what it was asked.
    logo_url: logo.png
    api: { type: openapi }
    auth: { type: none }
    common_params: { body: [], header: [], path: [], query: [] }
  tools:
${tools.map((t) => `    - { tool_id: ${1_000_000 + p * 1000 + t}, method: get, sub_url: /echo/${t} }\n`).join('')}`

const document = (p: number, server: string, tools: readonly number[]) => `openapi: 3.0.1
info: { title: Measured ${p}, description: Answers with what it was asked., version: v1 }
servers: [{ url: '${server}' }]
paths:
${tools
  .map(
    (t) => `  /echo/${t}:
    get:
      operationId: echo_${p}_${t}
      summary: Echo number ${t} of plugin ${p}
      parameters:
        - { name: text, in: query, required: true, schema: { type: string } }
      responses:
        '200':
          description: the answer
          content:
            application/json:
              schema: { type: object, properties: { text: { type: string } } }
`,
  )
  .join('')}`
