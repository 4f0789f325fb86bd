import { randomBytes } from 'node:crypto'
import type { Json, JsonObject } from '../../features/plugins/packages/package-types.ts'

/** A file of a form, as JSON has it. */
interface FormFile {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

/** A form with these fields and one file, as RFC 7578 has it; what is no text or number is written as JSON. */
export function formOf(
  fields: JsonObject,
  file: FormFile,
): { readonly type: string; readonly body: Buffer<ArrayBuffer> } {
  const boundary = `pilothouse-${randomBytes(16).toString('hex')}`
  const head = (name: string, more = '') =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${escaped(name)}"${more}\r\n`
  const text = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${head(name)}\r\n${written(value)}\r\n`)
    .join('')
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream'
  const before = `${text}${head('file', `; filename="${escaped(file.name)}"`)}content-type: ${type}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(before), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { type: `multipart/form-data; boundary=${boundary}`, body }
}

const written = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))
/** As browsers do it. */
const escaped = (name: string): string =>
  name.replace(/[\r\n"]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)
