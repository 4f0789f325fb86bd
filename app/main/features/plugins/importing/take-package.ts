import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { storeFailure } from '../../../db/store-failure.ts'
import { eachOf } from '../../../lib/each.ts'
import { bounded, fileFinding } from '../packages/findings.ts'
import type { OpenedFiles } from '../packages/package-types.ts'
import { openPath, readFiles } from '../packages/read-package.ts'
import type { Progress, TakenPackage } from './package-asks.ts'
import { ownedFindings, summaryOf } from './summary.ts'
import { hashOfFiles, keptFiles, takeFiles } from './take-files.ts'

/** Where the parts of a package lie in its folder. */
export const filesFolder = (folder: string) => join(folder, 'files')
export const definitionFile = (folder: string, number: number) => join(folder, 'definitions', `${number}.json`)
export const findingsFile = (folder: string) => join(folder, 'findings.json')

/** Copies a package into `target`, reads the copy, and writes definitions and findings beside it. Nothing of it runs. */
export async function takePackage(
  path: string,
  target: string,
  report: (progress: Progress) => void,
): Promise<TakenPackage> {
  return await takeOpened(await opening(path), target, report)
}

/** The same for a package that is open already; it is closed. */
export async function takeOpened(
  opened: OpenedFiles,
  target: string,
  report: (progress: Progress) => void,
): Promise<TakenPackage> {
  if (opened.files === null) return nothing(bounded(opened.findings))
  try {
    const taken = await takeFiles(opened.files, filesFolder(target), report)
    const files = keptFiles(filesFolder(target), taken)
    const read = await readFiles(files, { strict: false })
    const findings = await ownedFindings(files, { ...read, findings: bounded([...opened.findings, ...read.findings]) })
    const plugins = distinct(read.plugins.map((plugin, number) => ({ plugin, number })))
    const made = plugins.map(({ plugin, number }) => summaryOf(plugin, number, findings))
    await writing(target, async () => {
      await mkdir(join(target, 'definitions'), { mode: 0o700 })
      const files = plugins.map(({ plugin, number }) => ({ file: definitionFile(target, number), plugin }))
      const failed: unknown[] = []
      await eachOf(files, 4, async ({ file, plugin }) => {
        await write(file, JSON.stringify(plugin)).catch((error) => failed.push(error))
      })
      if (failed.length > 0) throw failed[0]
      await write(findingsFile(target), JSON.stringify(findings))
    })
    return {
      ...{ kind: read.kind, sha256: hashOfFiles(taken), files: taken, plugins: made },
      findings: findings.map(({ plugins: _, ...finding }) => finding),
    }
  } catch (error) {
    // The original changed or cannot be read to its end: the package's fault, told like all of its faults.
    if (!(error instanceof AppError) || error.code !== 'PACKAGE_REFUSED') throw error
    return nothing([refusal(error)])
  } finally {
    await opened.files.close()
  }
}

/** On the disk before the tables name it: what calls are made with must outlive a crash of the machine too. */
const write = (file: string, text: string) => writeFile(file, text, { mode: 0o600, flag: 'wx', flush: true })

async function writing(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw storeFailure(error, folder)
  }
}

const nothing = (findings: TakenPackage['findings']): TakenPackage => ({
  ...{ kind: null, sha256: '', files: [], plugins: [] },
  findings,
})

const refusal = (error: AppError) =>
  fileFinding('error', 'PACKAGE_UNREADABLE', '', { reason: String(error.details['reason'] ?? '') })

async function opening(path: string): Promise<OpenedFiles> {
  try {
    return await openPath(path)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { files: null, findings: [refusal(error)] }
  }
}

/** Readers see to it that ids differ; of two that do not, the first counts. One without an id cannot be kept. */
function distinct<T extends { readonly plugin: { readonly id: string } }>(list: readonly T[]): T[] {
  const seen = new Set<string>([''])
  return list.filter(({ plugin }) => !seen.has(plugin.id) && plugin.id.length <= 256 && seen.add(plugin.id))
}
