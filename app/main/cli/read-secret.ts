import { AppError } from '../../shared/errors.ts'

/** More than the longest secret: whoever pipes a disk into it is told. */
const MOST_BYTES = 8192

/**
 * Lines of standard input, without their ends; `what` names them one by one for whoever types, and in WRONG_USE where there
 * are fewer or more. No history and no list of processes has what is read so.
 */
export async function readSecrets(what: readonly string[]): Promise<string[]> {
  if (process.stdin.isTTY) process.stderr.write(`Type ${what.join(', then ')}, each with Enter, then Ctrl+D:\n`)
  const parts: Buffer[] = []
  let size = 0
  for await (const part of process.stdin) {
    parts.push(part as Buffer)
    size += (part as Buffer).length
    if (size > MOST_BYTES)
      throw new AppError('WRONG_USE', { reason: `standard input holds more than ${what.join(' and ')}.` })
  }
  const lines = Buffer.concat(parts)
    .toString('utf8')
    .replace(/(?:\r?\n)+$/, '')
    .split(/\r?\n/)
  if (lines.length > what.length)
    throw new AppError('WRONG_USE', { reason: `standard input has more lines than ${what.join(' and ')}.` })
  const missing = what.find((_, at) => !lines[at])
  if (missing) throw new AppError('WRONG_USE', { reason: `${missing} is read from standard input, and is not there.` })
  return lines
}
