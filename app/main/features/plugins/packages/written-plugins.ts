import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { readDocument } from './document.ts'
import { readOpenApi, slugOf } from './openapi-read.ts'
import type { PluginAuth, ReadOptions, ReadPlugin } from './package-types.ts'
import { documentOf, type WrittenRequest } from './request-document.ts'

export interface WrittenPlugins {
  readonly plugins: readonly ReadPlugin[]
  /** Names of requests that an earlier one of the same method and path stands for. */
  readonly merged: readonly string[]
  /** How many requests sign in differently from their plugin. */
  readonly differing: number
  /** What the document that was made of them would be refused for. */
  readonly findings: readonly Finding[]
}

/** One plugin per server that is called, through an OpenAPI document of our own, so that the rest treats all kinds alike. */
export async function pluginsOfRequests(
  kind: 'postman' | 'curl',
  file: string,
  title: string,
  description: string,
  requests: readonly WrittenRequest[],
  options: ReadOptions,
): Promise<WrittenPlugins> {
  const servers = Map.groupBy(requests, ({ server }) => server)
  const plugins: ReadPlugin[] = []
  const findings: Finding[] = []
  const merged: string[] = []
  const ids = new Set<string>()
  let differing = 0
  for (const [server, own] of servers) {
    const host = server.replace(/^https?:\/\//, '')
    const name = servers.size === 1 ? title || host : `${title || kind} (${host})`
    const made = documentOf(name, description, own)
    merged.push(...made.merged)
    const auth = commonAuth(own)
    differing += own.filter((one) => !sameAuth(one.auth, auth)).length
    const reading = await readOpenApi(readDocument(file, JSON.stringify(made.document)), async () => null, {
      strict: false,
    })
    // Their places are in our document, not in the file; what strict would add is about ours too.
    if (options.strict || !reading.plugin) {
      findings.push(
        ...reading.findings
          .filter(({ severity }) => severity === 'error')
          .map((one) => ({ ...one, line: null, column: null })),
      )
    }
    if (!reading.plugin) continue
    // A Chinese title has no letter that an id may have.
    const base = slugOf(name) || slugOf(host) || kind
    let id = base
    for (let n = 2; ids.has(id); n++) id = `${base}-${n}`
    ids.add(id)
    plugins.push({ ...reading.plugin, kind, id, nameForModel: id, name, auth, repairs: [] })
  }
  return { plugins, merged, differing, findings }
}

/** The way in which most of them sign in. */
function commonAuth(requests: readonly WrittenRequest[]): PluginAuth {
  const groups = [...Map.groupBy(requests, ({ auth }) => JSON.stringify(auth)).values()]
  const largest = groups.sort((a, b) => b.length - a.length)[0]
  return largest?.[0]?.auth ?? { kind: 'none' }
}
const sameAuth = (a: PluginAuth, b: PluginAuth) => JSON.stringify(a) === JSON.stringify(b)
