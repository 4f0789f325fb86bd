import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../../shared/errors.ts'

/** Writes the multipart field `file` into the folder as it comes. What does not arrive whole leaves nothing. */
export async function receiveUpload(
  request: FastifyRequest,
  folder: string,
  most: number,
): Promise<{ readonly file: string; readonly name: string }> {
  if (!request.isMultipart()) throw new AppError('BAD_INPUT', { reason: 'send the package as multipart field "file"' })
  const part = await request.file().catch((error) => {
    throw formFailure(error)
  })
  if (part?.fieldname !== 'file') {
    part?.file.resume()
    throw new AppError('BAD_INPUT', { reason: 'there is no multipart field "file"' })
  }
  const name = part.filename.replace(/\p{Cc}/gu, '').slice(0, 200) || 'package'
  // The ending may tell what it is; nothing else of the name reaches the disk.
  const ending = /\.(?:zip|xpkg|difypkg|ya?ml|json|curl|txt|sh)$/i.exec(name)?.[0].toLowerCase() ?? ''
  const file = join(folder, `${randomUUID()}${ending}`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await pipeline(part.file, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
    if (part.file.truncated) throw new AppError('UPLOAD_TOO_LARGE', { name, megabytes: Math.round(most / 1024 / 1024) })
    return { file, name }
  } catch (error) {
    await rm(file, { force: true })
    throw failureOf(error, folder, name)
  }
}

function failureOf(error: unknown, folder: string, name: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('DISK_FULL', { folder }, { cause: error })
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'ABORT_ERR')
    return new AppError('CANCELLED', {}, { cause: error })
  if (error instanceof AppError) return error
  // The disk's failures have a code, those of the form have none.
  if (code === undefined) return formFailure(error)
  return new AppError('FILE_NOT_WRITTEN', { path: name, reason: code }, { cause: error })
}

/** A form that is no form is the caller's mistake; what the parser has a status for stays as it is. */
export const formFailure = (error: unknown): unknown =>
  error instanceof Error && !('statusCode' in error)
    ? new AppError('BAD_INPUT', { reason: `the form cannot be read: ${error.message.slice(0, 100)}` }, { cause: error })
    : error
