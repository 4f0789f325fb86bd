import { crc32, deflateSync } from 'node:zlib'
import { hashOf, hex } from './hash.ts'

// Pictures that are real: a small square with a colour and a slope of its own for every request.

const side = 32

/** A PNG, the same for the same hash. */
export function pictureOf(hash: number): Buffer {
  const rows = Buffer.alloc(side * (1 + side * 3))
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = y * (1 + side * 3) + 1 + x * 3
      rows[at] = (hash + x * 4) & 0xff
      rows[at + 1] = ((hash >>> 8) + y * 4) & 0xff
      rows[at + 2] = ((hash >>> 16) + (x ^ y) * 4) & 0xff
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  // 8 bits a channel, red, green and blue.
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(named.length + 8)
  whole.writeUInt32BE(data.length, 0)
  named.copy(whole, 4)
  whole.writeUInt32BE(crc32(named), named.length + 4)
  return whole
}

/** What an image is known by: the address says everything, so nothing is kept. */
export const pictureHash = (model: string, prompt: string, size: unknown, index: number): number =>
  hashOf(`${model}\n${prompt}\n${typeof size === 'string' ? size : ''}\n${index}`)
export const picturePath = (hash: number): string => `/images/${hex(hash)}.png`
/** The hash in a path that `picturePath` made; null of any other. */
export function hashInPath(path: string): number | null {
  const found = /^\/images\/([0-9a-f]{8})\.png$/.exec(path)?.[1]
  return found === undefined ? null : Number.parseInt(found, 16)
}
