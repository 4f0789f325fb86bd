import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import { AppError } from '../../../../shared/errors.ts'

export const tooLarge = (host: string, most: number) =>
  new AppError('RESPONSE_TOO_LARGE', { host, megabytes: Math.round(most / 1024 / 1024) })

type Unpacker = (body: Buffer, limits: { readonly maxOutputLength: number }) => Promise<Buffer>
const unpacker = (unpack: (body: Buffer, limits: object, done: (error: Error | null, all: Buffer) => void) => void) =>
  promisify(unpack) as Unpacker
const [plainInflate, rawInflate, gzip] = [unpacker(inflate), unpacker(inflateRaw), unpacker(gunzip)]
const unpackers: Readonly<Record<string, Unpacker>> = {
  ...{ gzip, 'x-gzip': gzip, br: unpacker(brotliDecompress), zstd: unpacker(zstdDecompress) },
  // Some servers send it with the frame that the standard asks for, some without.
  deflate: (body, limits) => ((body[0]! & 0x0f) === 8 ? plainInflate : rawInflate)(body, limits),
}

/** Undoes a `content-encoding`. Fails with RESPONSE_TOO_LARGE beyond `most` bytes, or RESPONSE_UNREADABLE. */
export async function unpack(encoding: string, packed: Buffer, host: string, most: number): Promise<Buffer> {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  let body = packed
  for (const name of names.reverse()) {
    const unpackOne = Object.hasOwn(unpackers, name) && names.length <= 2 ? unpackers[name]! : null
    if (!unpackOne) throw new AppError('RESPONSE_UNREADABLE', { host, reason: `its encoding is ${name.slice(0, 40)}` })
    try {
      body = await unpackOne(body, { maxOutputLength: most })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(host, most)
      throw new AppError('RESPONSE_UNREADABLE', { host, reason: `it is no ${name}` }, { cause: error })
    }
  }
  return body
}
