import { crc32, deflateRawSync } from 'node:zlib'

/** One entry of a zip. Everything a header says can be a lie; what is not given is the truth. */
export interface ZipEntry {
  readonly name: string | Buffer
  readonly data?: string | Uint8Array
  readonly store?: boolean
  /** The name in the local header. */
  readonly localName?: string
  readonly crc?: number
  /** Declared size after inflating. */
  readonly size?: number
  readonly packedSize?: number
  readonly method?: number
  readonly flags?: number
  /** Upper half of the external attributes: the Unix mode. */
  readonly mode?: number
  readonly attributes?: number
  readonly madeBy?: number
  readonly extra?: Buffer
  /** Where the directory says that it stands. */
  readonly offset?: number
  /** No bytes of its own; give `offset`. */
  readonly ghost?: boolean
}
export interface ZipLies {
  readonly count?: number
  readonly directoryOffset?: number
  readonly comment?: string
  /** Adds a zip64 end record with these values. */
  readonly zip64?: { readonly count: bigint; readonly offset: bigint; readonly recordOffset?: bigint }
}

/** A zip, written by hand so that each of its fields can lie. */
export function writeZip(entries: readonly ZipEntry[], lies: ZipLies = {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name as string)
    const data = Buffer.from((entry.data ?? '') as string)
    const packed = entry.store || entry.method === 0 ? data : deflateRawSync(data)
    const flags = entry.flags ?? 0x800
    const method = entry.method ?? (entry.store ? 0 : 8)
    const sums = numbers(
      [4, entry.crc ?? crc32(data)],
      [4, entry.packedSize ?? packed.length],
      [4, entry.size ?? data.length],
    )
    const extra = entry.extra ?? Buffer.alloc(0)
    const localName = entry.localName === undefined ? name : Buffer.from(entry.localName)
    const local = [
      numbers([4, 0x04034b50], [2, 20], [2, flags], [2, method], [4, 0]),
      sums,
      numbers([2, localName.length], [2, 0]),
      localName,
      packed,
    ]
    const attributes = entry.attributes ?? (entry.mode ?? 0) * 65_536
    directory.push(
      numbers([4, 0x02014b50], [2, entry.madeBy ?? 0x031e], [2, 20], [2, flags], [2, method], [4, 0]),
      sums,
      numbers([2, name.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, attributes], [4, entry.offset ?? at]),
      name,
      extra,
    )
    if (entry.ghost) continue
    parts.push(...local)
    at += Buffer.concat(local).length
  }
  const listing = Buffer.concat(directory)
  const comment = Buffer.from(lies.comment ?? '')
  const zip64 = lies.zip64 ? zip64End(lies.zip64, listing.length, at + listing.length) : Buffer.alloc(0)
  const count = lies.count ?? entries.length
  const end = numbers(
    [4, 0x06054b50],
    [4, 0],
    [2, count],
    [2, count],
    [4, listing.length],
    [4, lies.directoryOffset ?? at],
    [2, comment.length],
  )
  return Buffer.concat([...parts, listing, zip64, end, comment])
}

function zip64End(lie: NonNullable<ZipLies['zip64']>, size: number, at: number): Buffer {
  const long = (value: bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(value)
    return bytes
  }
  return Buffer.concat([
    numbers([4, 0x06064b50]),
    long(44n),
    numbers([2, 45], [2, 45], [4, 0], [4, 0]),
    long(lie.count),
    long(lie.count),
    long(BigInt(size)),
    long(lie.offset),
    numbers([4, 0x07064b50], [4, 0]),
    long(lie.recordOffset ?? BigInt(at)),
    numbers([4, 1]),
  ])
}

/** Little-endian numbers of 2 or 4 bytes. */
function numbers(...fields: readonly (readonly [size: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([size, value]) => {
      const bytes = Buffer.alloc(size)
      bytes.writeUIntLE(value, 0, size)
      return bytes
    }),
  )
}
