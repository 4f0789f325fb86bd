import { readFile, stat } from 'node:fs/promises'
import { AppError } from '../../../../shared/errors.ts'
import { decode } from '../packages/encoding.ts'
import { limits } from '../packages/package-types.ts'

/** Characters of a line that are shown. */
const WIDTH = 4000

/** Some lines of a text file in whatever encoding. */
export async function sourceLines(file: string, from: number, count: number) {
  const { size } = await stat(file)
  if (size > limits.documentBytes) {
    const reason = `the file is larger than ${limits.documentBytes / 1024 / 1024} MB`
    throw new AppError('PACKAGE_REFUSED', { reason })
  }
  const lines = decode(await readFile(file)).text.split(/\r\n|\r|\n/)
  return { lines: lines.slice(from - 1, from - 1 + count).map((line) => line.slice(0, WIDTH)), total: lines.length }
}
