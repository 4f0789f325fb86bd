import { randomBytes } from 'node:crypto'
import { AppError } from '../../../../shared/errors.ts'
import type { Json, JsonObject, Tool } from '../packages/package-types.ts'
import { type FileValue, isFile } from './check-value.ts'
import { formBody, plainText } from './place-values.ts'

export interface WrittenBody {
  readonly content: string | Buffer
  readonly contentType: string
  readonly kind: 'json' | 'form' | 'text' | 'multipart' | 'binary'
  /** Of a multipart body, for those who show it: a file is told by its name and size. */
  readonly shown: string | null
  /** Of a multipart body: its parts that are no files. */
  readonly texts: readonly { readonly name: string; readonly value: string }[]
  readonly files: readonly { readonly field: string; readonly filename: string; readonly mediaType: string }[]
}
/** Bytes of all files of a call. */
const MOST_BYTES = 10 * 1024 * 1024

/** The body of a request in the media type that its tool wants. `fileFields`: those that the document calls files. */
export function writeBody(
  { mediaType, wrapped }: NonNullable<Tool['body']>,
  fields: JsonObject,
  fileFields: ReadonlySet<string>,
): WrittenBody {
  const type = mediaType.toLowerCase().split(';')[0]!.trim()
  const whole: Json = wrapped === undefined ? fields : (fields[wrapped] ?? null)
  const plain = (content: string, contentType: string, kind: WrittenBody['kind']): WrittenBody => ({
    ...{ content, contentType, kind, shown: null, texts: [], files: [] },
  })
  if (type === 'application/x-www-form-urlencoded') return plain(formBody(Object.entries(fields)), type, 'form')
  if (type === 'multipart/form-data') return multipart(fields, fileFields)
  if (/^application\/([^;]*\+)?json$/.test(type)) return plain(JSON.stringify(whole), mediaType, 'json')
  if (type.startsWith('text/') || /[/+]xml$/.test(type)) {
    return plain(plainText(whole), /charset=/i.test(mediaType) ? mediaType : `${mediaType}; charset=utf-8`, 'text')
  }
  if (type === '*/*' || type === 'application/*') return plain(JSON.stringify(whole), 'application/json', 'json')
  const content = bytesOf(whole, wrapped ?? 'body')
  if (content.length > MOST_BYTES) throw invalid(wrapped ?? 'body', 'a file may have 10 MB')
  return { content, contentType: mediaType, kind: 'binary', shown: `(${content.length} bytes)`, texts: [], files: [] }
}

const invalid = (name: string, reason: string) => new AppError('ARGUMENT_INVALID', { name, reason })

/** A file's bytes: as an object with base64, as a `data:` URL, as base64 text. */
function bytesOf(value: Json, name: string): Buffer {
  const data = typeof value === 'string' ? dataUrl(value) : null
  if (data && !data.base64) return unescaped(data.rest, name)
  const encoded = isFile(value) ? value.base64 : (data?.rest ?? value)
  if (typeof encoded !== 'string' || !/^[A-Za-z0-9+/_=\s-]*$/.test(encoded))
    throw invalid(name, 'a file is given as base64')
  return Buffer.from(encoded, 'base64')
}

interface DataUrl {
  readonly mediaType: string
  readonly base64: boolean
  readonly rest: string
}
function dataUrl(text: string): DataUrl | null {
  const head = /^data:([^,]{0,200}),/i.exec(text)
  if (!head) return null
  const words = head[1]!.split(';')
  const base64 = words.at(-1)!.trim().toLowerCase() === 'base64'
  return { mediaType: words[0]! || 'text/plain', base64, rest: text.slice(head[0].length) }
}
function unescaped(text: string, name: string): Buffer {
  try {
    return Buffer.from(decodeURIComponent(text))
  } catch {
    throw invalid(name, 'it is no data: URL')
  }
}

/** A text is a file only where the document says so. */
function fileOf(value: Json, name: string, isFileField: boolean): Partial<FileValue> | null {
  if (isFile(value)) return value
  if (!isFileField || value === null) return null
  const data = typeof value === 'string' ? dataUrl(value) : null
  if (!data) throw invalid(name, 'a file is given as { filename, mediaType, base64 } or as a data: URL')
  return { mediaType: data.mediaType }
}
/** What a part's header may hold. */
const quoted = (value: string) => value.replace(/[\p{Cc}"\\]/gu, '_').slice(0, 200)

function multipart(fields: JsonObject, fileFields: ReadonlySet<string>): WrittenBody {
  const boundary = `pilothouse-${randomBytes(16).toString('hex')}`
  const chunks: Buffer[] = []
  const shown: string[] = []
  const texts: { name: string; value: string }[] = []
  const files: { field: string; filename: string; mediaType: string }[] = []
  let total = 0
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      const file = fileOf(one, name, fileFields.has(name))
      const bytes = file ? bytesOf(one, name) : Buffer.from(plainText(one))
      total += bytes.length
      if (total > MOST_BYTES) throw invalid(name, 'all files together may have 10 MB')
      const filename = quoted(file?.filename ?? 'file')
      const mediaType = file
        ? /^[\w.+-]+\/[\w.+-]+$/.test(file.mediaType ?? '')
          ? file.mediaType!
          : 'application/octet-stream'
        : null
      const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${file ? `; filename="${filename}"` : ''}\r\n`
      const typed = mediaType ?? (typeof one === 'object' && one !== null ? 'application/json' : null)
      chunks.push(
        Buffer.from(`${head}${typed === null ? '' : `content-type: ${typed}\r\n`}\r\n`),
        bytes,
        Buffer.from('\r\n'),
      )
      shown.push(`${name}=${file ? `${filename} (${bytes.length} bytes)` : plainText(one)}`)
      if (file) files.push({ field: name, filename, mediaType: mediaType! })
      else texts.push({ name, value: plainText(one) })
    }
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  const contentType = `multipart/form-data; boundary=${boundary}`
  return { content: Buffer.concat(chunks), contentType, kind: 'multipart', shown: shown.join('\n'), texts, files }
}
