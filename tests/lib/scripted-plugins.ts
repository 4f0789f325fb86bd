import type { ImportResult, Plugin } from '../../app/shared/contracts/plugins.ts'
import { AppError } from '../../app/shared/errors.ts'
import { calls, details, diff, repairs, sourceLines } from './plugin-details-samples.ts'
import { findings, imports, samplePlugins } from './plugin-samples.ts'
import type { ScriptedMain } from './scripted-main.ts'

export type ScriptedPlugins = ReturnType<typeof scriptPlugins>

/** Answers for the plugins in place of main, from memory; what the page did can be read from `main.calls`. */
export function scriptPlugins(main: ScriptedMain, initial: readonly Plugin[] = samplePlugins()) {
  const byId = new Map(initial.map((one) => [one.id, one]))
  const uploads = new Map<string, { name: string; received: number }>()
  let begun = 0
  let held: (() => void)[] | null = null
  let result: (name: string) => ImportResult = (name) => imports({ name })

  const tell = () => main.emit('plugins', 'updates', { kind: 'snapshot', plugins: [...byId.values()] })
  const change = (id: string, part: Partial<Plugin>) => {
    const known = byId.get(id)
    if (!known) throw new AppError('PLUGIN_NOT_FOUND', { name: id })
    byId.set(id, { ...known, ...part })
  }
  const changeAll = (part: Partial<Plugin>) => (input: unknown) => {
    for (const id of (input as { ids: string[] }).ids) change(id, part)
    tell()
  }
  tell()
  main.emit('plugins', 'details', { kind: 'details', details: details() })
  main.emit('plugins', 'calls', { kind: 'snapshot', calls })
  main.emit('plugins', 'watchedFolders', { folders: [] })
  main.answer('plugins', 'enable', changeAll({ state: 'active' }))
  main.answer('plugins', 'disable', changeAll({ state: 'disabled' }))
  main.answer('plugins', 'remove', changeAll({ restorableUntil: Date.now() + 30 * 86_400_000 }))
  main.answer('plugins', 'restore', changeAll({ restorableUntil: null }))
  main.answer('plugins', 'setRecording', (input) => {
    const { id, recording } = input as { id: string; recording: boolean }
    change(id, { recording })
    tell()
  })
  main.answer('plugins', 'activate', (input) => {
    const { versions } = input as { versions: { id: string; versionId: number }[] }
    const before = versions.flatMap(({ id }) => {
      const known = byId.get(id)
      return known && known.state !== 'waiting' ? [{ id, versionId: known.versionId }] : []
    })
    for (const { id, versionId } of versions) {
      if (byId.has(id)) change(id, { versionId, state: 'active', waitingVersionId: null })
    }
    tell()
    return { before }
  })
  main.answer('plugins', 'beginUpload', (input) => {
    const { name } = input as { name: string }
    const uploadId = `upload-${++begun}`
    uploads.set(uploadId, { name, received: 0 })
    return { uploadId }
  })
  main.answer('plugins', 'appendUpload', async (input) => {
    const { uploadId, data } = input as { uploadId: string; data: string }
    const upload = uploads.get(uploadId)
    if (!upload) throw new AppError('UPLOAD_NOT_FOUND')
    if (held) await new Promise<void>((resolve) => held?.push(resolve))
    upload.received += Buffer.from(data, 'base64').length
  })
  main.answer('plugins', 'abandonUpload', (input) => {
    uploads.delete((input as { uploadId: string }).uploadId)
  })
  main.answer('plugins', 'finishUpload', (input) => {
    const { uploadId } = input as { uploadId: string }
    return result(uploads.get(uploadId)?.name ?? '')
  })
  main.answer('plugins', 'search', () => ({ tools: [] }))
  main.answer('plugins', 'findings', () => ({ findings, repairs }))
  main.answer('plugins', 'source', () => ({ lines: sourceLines, total: 120 }))
  main.answer('plugins', 'diff', () => diff)
  main.answer('plugins', 'recordedCall', () => ({
    arguments: '{"place":"Hangzhou","days":3}',
    answer: '{"daily":[{"date":"2026-03-18","high":17.4}],"units":"metric"}',
  }))

  return {
    byId,
    uploads,
    tell,
    change(id: string, part: Partial<Plugin>): void {
      change(id, part)
      tell()
    },
    /** What is read from the next packages. */
    reads(next: (name: string) => ImportResult): void {
      result = next
    },
    /** Parts of uploads wait until `release`. */
    hold(): void {
      held = []
    },
    release(): void {
      const waiting = held ?? []
      held = null
      for (const go of waiting) go()
    },
  }
}
