import { navigate } from 'wouter/use-hash-location'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { currentLanguage, currentText, type Translate } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { keepFile } from '../../shell/keep-file.ts'
import { run } from '../../shell/run.ts'
import { toast } from '../../shell/toasts.ts'
import { duration } from '../../ui/format.ts'
import { isInstalled } from './plugin-condition.ts'

/** What is done to plugins and has an opposite. `enable` of one that was never in use activates what waits. */
export type PluginAction = 'enable' | 'disable' | 'remove' | 'restore'
export interface VersionOf {
  readonly id: string
  readonly versionId: number
}

/** How long what is uninstalled can be restored. */
const kept = 30 * 24 * 60 * 60 * 1000

export function canDo(action: PluginAction, plugin: Plugin): boolean {
  if (plugin.requested !== null) return false
  if (action === 'restore') return !isInstalled(plugin)
  if (!isInstalled(plugin)) return false
  if (action === 'remove') return true
  return action === 'disable' ? plugin.state === 'active' : plugin.state === 'disabled' || plugin.state === 'waiting'
}

export const applicable = (action: PluginAction, plugins: readonly Plugin[]): readonly Plugin[] =>
  plugins.filter((plugin) => canDo(action, plugin))

/** "Weather", or "12 plugins". */
export const nameThem = (plugins: readonly Pick<Plugin, 'name'>[], t: Translate): string =>
  plugins.length === 1 ? plugins[0]!.name : t('plugins.manyPlugins', { count: plugins.length })

const doneWords: Readonly<Record<PluginAction, TextKey>> = {
  enable: 'plugins.doneEnable',
  disable: 'plugins.doneDisable',
  remove: 'plugins.doneRemove',
  restore: 'plugins.doneRestore',
}
const opposites: Readonly<Record<PluginAction, PluginAction>> = {
  enable: 'disable',
  disable: 'enable',
  remove: 'restore',
  restore: 'remove',
}

/** Does something to those of the plugins that it applies to, and says so with a way back. True when it was done. */
export async function act(action: PluginAction, plugins: readonly Plugin[]): Promise<boolean> {
  const those = applicable(action, plugins)
  if (those.length === 0 || !(await request(action, those))) return false
  const t = currentText()
  const text = t(doneWords[action], {
    name: nameThem(those, t),
    count: those.reduce((sum, { callableCount }) => sum + callableCount, 0),
    time: duration(kept, currentLanguage()),
  })
  toast({ text, action: { label: t('common.undo'), onClick: () => void request(opposites[action], those) } })
  return true
}

async function request(action: PluginAction, plugins: readonly Plugin[]): Promise<boolean> {
  const waiting = action === 'enable' ? plugins.filter(({ state }) => state === 'waiting') : []
  const ids = plugins.filter((plugin) => !waiting.includes(plugin)).map(({ id }) => id)
  const work: Promise<unknown>[] = []
  if (ids.length > 0) work.push(rpc.plugins[action]({ ids }))
  if (waiting.length > 0) {
    work.push(rpc.plugins.activate({ versions: waiting.map(({ id, versionId }) => ({ id, versionId })) }))
  }
  return (await run(Promise.all(work))) !== undefined
}

/** Puts versions into use and says so, with a way back to those before. True when it was done. */
export async function activate(versions: readonly VersionOf[], text: string): Promise<boolean> {
  const answer = await run(rpc.plugins.activate({ versions: [...versions] }))
  if (answer === undefined) return false
  const { before } = answer
  // What had no version in use goes out of use again.
  const fresh = versions.map(({ id }) => id).filter((id) => !before.some((one) => one.id === id))
  const undo = async () => {
    const work: Promise<unknown>[] = []
    if (before.length > 0) work.push(rpc.plugins.activate({ versions: before }))
    if (fresh.length > 0) work.push(rpc.plugins.disable({ ids: fresh }))
    await run(Promise.all(work))
  }
  toast({ text, action: { label: currentText()('common.undo'), onClick: () => void undo() } })
  return true
}

/** Whether the next calls of a plugin are kept for a replay. */
export async function setRecording({ id, name }: Pick<Plugin, 'id' | 'name'>, recording: boolean): Promise<void> {
  const done = await run(rpc.plugins.setRecording({ id, recording }).then(() => true))
  if (done) toast({ text: currentText()(recording ? 'plugins.doneRecord' : 'plugins.doneStopRecording', { name }) })
}

export async function exportPostman({ id }: Pick<Plugin, 'id'>): Promise<void> {
  keepFile(await run(rpc.plugins.exportPostman({ id })))
}

export async function backUp(): Promise<void> {
  keepFile(await run(rpc.plugins.backup()))
}

/** Reads every watched folder anew and says what came of it. */
export async function reloadWatched(): Promise<void> {
  const answer = await run(rpc.plugins.reload())
  if (answer === undefined) return
  const t = currentText()
  const { reloaded, failed, unchanged } = answer
  toast({
    text: t('plugins.doneReload', { reloaded: reloaded.length, unchanged: unchanged.length, failed: failed.length }),
    ...(failed.length > 0 && {
      action: { label: t('plugins.watchedFolders'), onClick: () => navigate('/plugins?watched') },
    }),
  })
}
