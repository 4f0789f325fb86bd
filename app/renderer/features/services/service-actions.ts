import { create } from 'zustand'
import type { Service, ServiceActionKind } from '../../../shared/contracts/services.ts'
import type { Rpc } from '../../../shared/rpc/client.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { currentText, type Translate } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { useSettings } from '../../shell/mirror-stores.ts'
import { run } from '../../shell/run.ts'
import { toast } from '../../shell/toasts.ts'
import { copyText } from '../../ui/copy-text.ts'
import { canDo } from './action-rules.ts'

export type ActionInput = Parameters<Rpc['services']['act']>[0]['action']
type Undo = Awaited<ReturnType<Rpc['services']['act']>>['undo']

/** What needs an answer before it is done. `stop` here is the one with a chosen grace period. */
export type AskedKind = Exclude<ServiceActionKind, 'start' | 'restart' | 'pause' | 'unpause' | 'disconnectNetwork'>
export interface Asked {
  readonly kind: AskedKind
  /** As they were when asked: never empty. */
  readonly services: readonly Service[]
}

/** The dialog that is open; `ServiceDialogs` shows it. */
export const useAsked = create<{ readonly asked: Asked | null }>(() => ({ asked: null }))
export const closeAsked = (): void => useAsked.setState({ asked: null })

/** Opens the dialog of an action for those of the services that it applies to; nothing happens when there are none. */
export function ask(kind: AskedKind, services: readonly Service[]): void {
  const those = services.filter((service) => canDo(kind, service))
  if (those.length > 0) useAsked.setState({ asked: { kind, services: those } })
}

/** Does something to those of the services that it applies to, and says so with a way back. True when all of it was done. */
export async function act(services: readonly Service[], action: ActionInput): Promise<boolean> {
  const those = services.filter((service) => canDo(action.kind, service))
  if (those.length === 0) return false
  const done = await run(rpc.services.act({ ids: those.map(({ id }) => id), action }))
  if (done === undefined) return false
  const t = currentText()
  const text = t(doneWords[action.kind], { name: nameThem(those, t) })
  toast(
    done.undo.length === 0 ? { text } : { text, action: { label: t('common.undo'), onClick: () => undo(done.undo) } },
  )
  return true
}

/** Same opposites go together, so that undoing a bulk action is one task again. */
export function groupUndo(steps: Undo): { ids: string[]; action: ActionInput }[] {
  const groups = new Map<string, { ids: string[]; action: ActionInput }>()
  for (const { id, action } of steps) {
    const key = JSON.stringify(action)
    const group = groups.get(key) ?? { ids: [], action }
    group.ids.push(id)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function undo(steps: Undo): void {
  for (const request of groupUndo(steps)) void run(rpc.services.act(request))
}

/** "db", or "12 services". */
export const nameThem = (services: readonly Service[], t: Translate): string =>
  services.length === 1 ? services[0]!.name : t('services.manyServices', { count: services.length })

const doneWords: Record<ServiceActionKind, TextKey> = {
  start: 'services.doneStart',
  stop: 'services.doneStop',
  restart: 'services.doneRestart',
  pause: 'services.donePause',
  unpause: 'services.doneUnpause',
  kill: 'services.doneKill',
  remove: 'services.doneRemove',
  recreate: 'services.doneRecreate',
  setRestartPolicy: 'services.doneSetRestartPolicy',
  rename: 'services.doneRename',
  connectNetwork: 'services.doneConnectNetwork',
  disconnectNetwork: 'services.doneDisconnectNetwork',
}

/** Copies the `docker run` line of a service; with `reveal` its secrets too, which is recorded. */
export async function copyRunCommand(service: Pick<Service, 'id'>, reveal: boolean): Promise<void> {
  const answer = await run(rpc.services.runCommand({ id: service.id, reveal }))
  if (answer === undefined || !(await copyText(answer.command))) return
  toast({ text: currentText()(reveal ? 'services.copiedRunSecrets' : 'services.copiedRun') })
}

/** Pins a service to the top of the list, or takes it down again. */
export function togglePin(id: string): void {
  const { pinnedServices } = useSettings.getState().settings
  const next = pinnedServices.includes(id) ? pinnedServices.filter((pinned) => pinned !== id) : [...pinnedServices, id]
  void run(rpc.settings.set({ pinnedServices: next }))
}
