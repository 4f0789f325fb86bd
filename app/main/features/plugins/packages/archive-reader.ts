import type { FileHandle } from 'node:fs/promises'
import yauzl from 'yauzl'

const windowBytes = 64 * 1024

/**
 * Reads for yauzl, kept inside the file: a 64-bit offset out of a lying header would end the process in fs.read.
 * It reads ahead, as the thousands of headers of an archive stand side by side.
 */
export class ArchiveReader extends yauzl.RandomAccessReader {
  readonly #handle: FileHandle
  readonly #size: number
  #window = Buffer.alloc(0)
  #start = 0
  constructor(handle: FileHandle, size: number) {
    super()
    this.#handle = handle
    this.#size = size
  }

  /** Exactly these bytes. Keep `length` small: they are read at once. */
  async bytes(from: number, length: number): Promise<Buffer> {
    if (!(from >= 0 && from + length <= this.#size)) throw new Error('unexpected end of the file')
    if (from < this.#start || from + length > this.#start + this.#window.length) {
      const window = Buffer.allocUnsafe(Math.min(Math.max(length, windowBytes), this.#size - from))
      const { bytesRead } = await this.#handle.read(window, 0, window.length, from)
      if (bytesRead < length) throw new Error('unexpected end of the file')
      this.#window = window.subarray(0, bytesRead)
      this.#start = from
    }
    return this.#window.subarray(from - this.#start, from - this.#start + length)
  }

  override read(buffer: Buffer, at: number, length: number, from: number, done: (error: Error | null) => void): void {
    this.bytes(from, length).then(
      (bytes) => {
        bytes.copy(buffer, at)
        done(null)
      },
      (error: Error) => done(error),
    )
  }

  /** The bytes of a range, a chunk at a time. */
  async *range(from: number, length: number): AsyncGenerator<Buffer> {
    for (let done = 0; done < length; done += windowBytes) {
      yield await this.bytes(from + done, Math.min(windowBytes, length - done))
    }
  }
}
