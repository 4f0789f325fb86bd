import { AppError } from '../../../../shared/errors.ts'
import type { Rpc } from '../../../../shared/rpc/client.ts'
import { currentText } from '../../../i18n/language.ts'
import type { PickedPackage } from './picked-packages.ts'

export type UploadCalls = Pick<Rpc['plugins'], 'beginUpload' | 'appendUpload' | 'abandonUpload'>

/** Bytes of a part: small enough for a frame, large enough that a round trip for each does not matter. */
const part = 512 * 1024
/** The most that main takes of one file. */
const largest = 524_288_000

export const sizeOf = ({ files }: PickedPackage): number => files.reduce((sum, { file }) => sum + file.size, 0)

/**
 * Sends a package part by part and answers the id to finish it with. What fails or is cancelled on the way is taken
 * back, so that nothing of it stays.
 */
export async function sendPackage(
  calls: UploadCalls,
  { name, files }: PickedPackage,
  { signal, onSent }: { readonly signal: AbortSignal; readonly onSent: (bytes: number) => void },
): Promise<string> {
  if (files.length === 0) throw new AppError('PACKAGE_REFUSED', { reason: currentText()('plugins.emptyFolder') })
  const tooLarge = files.find(({ file }) => file.size > largest)
  if (tooLarge) throw new AppError('UPLOAD_TOO_LARGE', { name: tooLarge.path, megabytes: largest / 1024 / 1024 })
  const { uploadId } = await calls.beginUpload({
    name: name.slice(-256),
    files: files.map(({ path, file }) => ({ path, size: file.size })),
  })
  try {
    let sent = 0
    for (const [index, { file }] of files.entries()) {
      for (let offset = 0; offset < file.size; offset += part) {
        if (signal.aborted) throw new AppError('CANCELLED')
        const slice = file.slice(offset, offset + part)
        await calls.appendUpload({ uploadId, file: index, offset, data: await base64Of(slice) })
        sent += slice.size
        onSent(sent)
      }
    }
    if (signal.aborted) throw new AppError('CANCELLED')
    return uploadId
  } catch (error) {
    await calls.abandonUpload({ uploadId }).catch(() => {})
    throw error
  }
}

/** Not every browser has `toBase64` yet; the other way needs texts of a length that a call can take as arguments. */
async function base64Of(blob: Blob): Promise<string> {
  const bytes: Uint8Array & { toBase64?: () => string } = new Uint8Array(await blob.arrayBuffer())
  if (bytes.toBase64) return bytes.toBase64()
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}
