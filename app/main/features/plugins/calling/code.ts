import { quote } from '../../../../shared/shell-quote.ts'
import { fromJson } from '../../../lib/json.ts'
import type { Json } from '../packages/package-types.ts'

/** A request as somebody else could send it: placeholders stand for secrets. */
export interface CodeRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Of a multipart body, a line `name=value` for each part; unless `fields` has them. */
  readonly body: string | null
  readonly bodyKind: 'json' | 'form' | 'text' | 'multipart' | 'binary' | null
  readonly files?: readonly FilePart[]
  /** The texts of a multipart body. */
  readonly fields?: readonly TextPart[]
}
interface FilePart {
  readonly field: string
  readonly filename: string
  readonly mediaType: string
}
interface TextPart {
  readonly name: string
  readonly value: string
}
export interface Code {
  readonly curl: string
  readonly fetch: string
  readonly python: string
}

/** Where the bytes of a body come from that is no text. */
const BINARY_FILE = 'body.bin'

/** The same call as a curl command, as JavaScript and as Python with `requests`. */
export function codeOf(given: CodeRequest): Code {
  const method = /^[A-Z]+$/.test(given.method) ? given.method : 'GET'
  const multipart = given.bodyKind === 'multipart'
  // Each client counts for itself and makes up its own boundary.
  const own = new Set(['content-length', 'host', ...(multipart ? ['content-type'] : [])])
  const headers = Object.entries(given.headers).filter(([name]) => !own.has(name.toLowerCase()))
  const parts = multipart ? partsOf(given) : []
  const empty = multipart ? parts.length === 0 : given.bodyKind !== 'binary' && given.body === null
  const request: Request = { given, method, headers, parts, kind: empty ? null : (given.bodyKind ?? 'text') }
  return { curl: curlOf(request), fetch: fetchOf(request), python: pythonOf(request) }
}
interface Request {
  readonly given: CodeRequest
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly parts: readonly (FilePart | TextPart)[]
  /** Null where nothing is sent. */
  readonly kind: CodeRequest['bodyKind']
}

function partsOf({ body, files = [], fields }: CodeRequest): readonly (FilePart | TextPart)[] {
  if (fields) return [...fields, ...files]
  const waiting = [...files]
  const parts: (FilePart | TextPart)[] = []
  for (const line of (body ?? '').split('\n')) {
    const [file] = waiting
    const last = parts.at(-1)
    const at = line.indexOf('=')
    if (file && line.startsWith(`${file.field}=${file.filename} (`)) parts.push(waiting.shift()!)
    else if (at > 0) parts.push({ name: line.slice(0, at), value: line.slice(at + 1) })
    else if (last && 'value' in last) parts[parts.length - 1] = { ...last, value: `${last.value}\n${line}` }
  }
  return [...parts, ...waiting]
}

/** Headers hold bytes; those that are UTF-8 are shown as the text they are. */
function headerText(value: string): string {
  const bytes = Buffer.from(value, 'latin1')
  const text = bytes.toString('utf8')
  return bytes.toString('latin1') === value && Buffer.from(text, 'utf8').equals(bytes) ? text : value
}

function curlOf({ given, method, headers, parts, kind }: Request): string {
  const { body, url } = given
  const lines: string[] = []
  // An empty value would take the header away.
  for (const [name, value] of headers)
    lines.push(`-H ${quote(value === '' ? `${name};` : `${name}: ${headerText(value)}`)}`)
  for (const part of parts) {
    // Quotes keep a file's name together, whatever stands in it.
    if ('value' in part) lines.push(`--form-string ${quote(`${part.name}=${part.value}`)}`)
    else {
      const file = /[",;\s\\]/.test(part.filename) ? `"${part.filename.replace(/["\\]/g, '\\$&')}"` : part.filename
      lines.push(`-F ${quote(`${part.field}=@${file};type=${part.mediaType}`)}`)
    }
  }
  if (kind === 'binary') lines.push(`--data-binary @${BINARY_FILE}`)
  else if (kind !== null && kind !== 'multipart' && body !== null) lines.push(`--data-raw ${quote(body)}`)
  const usual = kind === null ? 'GET' : 'POST'
  const verb = method === usual ? '' : method === 'HEAD' && usual === 'GET' ? ' --head' : ` -X ${method}`
  // Brackets and braces would be read as a range.
  const plain = /[[\]{}]/.test(url) ? ' --globoff' : ''
  return [`curl${verb}${plain} ${quote(url)}`, ...lines].join(' \\\n  ')
}

/** The value of a JSON body where writing it as a literal sends the same again; undefined otherwise. */
function literalOf({ body, bodyKind }: CodeRequest): Json | undefined {
  if (bodyKind !== 'json' || body === null || body.includes('"__proto__"')) return undefined
  const value = fromJson(body) as Json | undefined
  // Python takes no more than some hundred brackets within each other.
  return value !== undefined && JSON.stringify(value) === body && depthOf(value) < 50 ? value : undefined
}
const depthOf = (value: Json): number =>
  typeof value === 'object' && value !== null
    ? 1 +
      Object.values<Json>(value as { [name: string]: Json }).reduce<number>(
        (most, one) => Math.max(most, depthOf(one)),
        0,
      )
    : 0

const indented = (text: string, by: string) => text.replaceAll('\n', `\n${by}`)

function fetchOf({ given, method, headers, parts, kind }: Request): string {
  const { body, url } = given
  const text = (value: string) => JSON.stringify(value)
  const before: string[] = []
  const options: string[] = []
  if (method !== 'GET') options.push(`method: ${text(method)}`)
  if (headers.length > 0) {
    const lines = headers.map(([name, value]) => `    ${text(name)}: ${text(value)},`)
    options.push(`headers: {\n${lines.join('\n')}\n  }`)
  }
  if (kind !== null) {
    const bodiless = method === 'GET' || method === 'HEAD'
    const value = literalOf(given)
    if (bodiless) before.push(`// fetch sends no body with ${method}; curl and Python do.`)
    else if (kind === 'multipart') options.push('body: form')
    else if (kind === 'binary') options.push(`body: await openAsBlob(${text(BINARY_FILE)})`)
    else if (value === undefined) options.push(`body: ${text(body ?? '')}`)
    else options.push(`body: JSON.stringify(${indented(JSON.stringify(value, null, 2), '  ')})`)
    if (!bodiless && (kind === 'binary' || parts.some((part) => 'field' in part)))
      before.push('const { openAsBlob } = await import("node:fs")')
    if (!bodiless && kind === 'multipart') before.push('const form = new FormData()', ...parts.map(appended))
  }
  const settings = options.length > 0 ? `, {\n${options.map((one) => `  ${one},`).join('\n')}\n}` : ''
  return [
    ...before,
    `const response = await fetch(${text(url)}${settings})`,
    'console.log(response.status, await response.text())',
  ].join('\n')
}
function appended(part: FilePart | TextPart): string {
  if ('value' in part) return `form.append(${JSON.stringify(part.name)}, ${JSON.stringify(part.value)})`
  const [field, filename, type] = [part.field, part.filename, part.mediaType].map((one) => JSON.stringify(one))
  return `form.append(${field}, await openAsBlob(${filename}, { type: ${type} }), ${filename})`
}

function pythonOf({ given, method, headers, parts, kind }: Request): string {
  const { body, url } = given
  const text = (value: string) => JSON.stringify(value)
  const options = [text(method), text(url)]
  if (headers.length > 0) {
    const written = headers.map(([name, value]) => {
      const shown = headerText(value)
      return `        ${text(name)}: ${text(shown)}${/[^\x20-\x7e]/.test(shown) ? '.encode()' : ''},`
    })
    options.push(`headers={\n${written.join('\n')}\n    }`)
  }
  if (kind === 'multipart') {
    const lines = parts.map((part) =>
      'value' in part
        ? `        (${text(part.name)}, (None, ${text(part.value)})),`
        : `        (${text(part.field)}, (${text(part.filename)}, open(${text(part.filename)}, "rb"), ${text(part.mediaType)})),`,
    )
    options.push(`files=[\n${lines.join('\n')}\n    ]`)
  } else if (kind === 'binary') options.push(`data=open(${text(BINARY_FILE)}, "rb")`)
  else if (kind !== null && body !== null) {
    const value = literalOf(given)
    // `json=None` would send nothing.
    if (value === undefined || value === null) options.push(`data=${text(body)}.encode()`)
    else options.push(`json=${indented(pythonLiteral(value, ''), '    ')}`)
  }
  return [
    ...['import requests', '', 'response = requests.request('],
    ...options.map((one) => `    ${one},`),
    ...[')', 'print(response.status_code, response.text)'],
  ].join('\n')
}

function pythonLiteral(value: Json, indent: string): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return JSON.stringify(value)
  const deeper = `${indent}    `
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const lines = Array.isArray(value)
    ? value.map((one: Json) => `${deeper}${pythonLiteral(one, deeper)},`)
    : Object.entries<Json>(value as { [name: string]: Json }).map(
        ([name, one]) => `${deeper}${JSON.stringify(name)}: ${pythonLiteral(one, deeper)},`,
      )
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join('\n')}\n${indent}${close}`
}
