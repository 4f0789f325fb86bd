import { navigate } from 'wouter/use-hash-location'
import type { Key } from '../../../shared/contracts/keys.ts'
import { knownCode } from '../../../shared/errors.ts'
import { currentLanguage, currentText, type Translate } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { confirm } from '../../shell/confirm.tsx'
import { useKeys } from '../../shell/keys-mirror.ts'
import { run } from '../../shell/run.ts'
import { failureToast, toast } from '../../shell/toasts.ts'
import { duration } from '../../ui/format.ts'
import { Victims } from './dialogs/Victims.tsx'
import { keyPath } from './key-address.ts'
import { isResting } from './key-condition.ts'
import { whileTesting } from './testing-store.ts'

export type KeyAction = 'enable' | 'disable' | 'reset' | 'remove'

export function canDo(action: KeyAction, key: Pick<Key, 'state'>): boolean {
  if (action === 'enable') return key.state.kind === 'disabled'
  if (action === 'disable') return key.state.kind !== 'disabled'
  return action === 'remove' || isResting(key)
}

export const applicable = (action: KeyAction, keys: readonly Key[]): readonly Key[] =>
  keys.filter((key) => canDo(action, key))

/** "openai-main", or "3 keys". */
export const nameThem = (keys: readonly Pick<Key, 'name'>[], t: Translate): string =>
  keys.length === 1 ? keys[0]!.name : t('keys.manyKeys', { count: keys.length })

const idsOf = (keys: readonly Key[]) => keys.map(({ id }) => id)
const done = async (work: Promise<unknown>): Promise<boolean> => (await run(work.then(() => true))) === true

/** The way back disables each again with the reason that it had. */
export async function enableKeys(keys: readonly Key[]): Promise<void> {
  const those = applicable('enable', keys)
  if (those.length === 0 || !(await done(rpc.keys.enable({ ids: idsOf(those) })))) return
  const t = currentText()
  const byReason = Map.groupBy(those, ({ state }) => (state.kind === 'disabled' ? state.reason : ''))
  const undo = () =>
    void done(Promise.all([...byReason].map(([reason, some]) => rpc.keys.disable({ ids: idsOf(some), reason }))))
  toast({
    text: t('keys.doneEnable', { name: nameThem(those, t) }),
    action: { label: t('common.undo'), onClick: undo },
  })
}

export async function disableKeys(keys: readonly Key[], reason: string): Promise<void> {
  const those = applicable('disable', keys)
  if (those.length === 0 || !(await done(rpc.keys.disable({ ids: idsOf(those), reason })))) return
  const t = currentText()
  const undo = () => void done(rpc.keys.enable({ ids: idsOf(those) }))
  const text = t('keys.doneDisable', { name: nameThem(those, t) })
  toast({ text, action: { label: t('common.undo'), onClick: undo } })
}

/** Asks first, since a secret cannot be brought back: names what goes, and what nobody serves afterwards. */
export async function removeKeys(keys: readonly Key[]): Promise<void> {
  if (keys.length === 0) return
  const t = currentText()
  const name = nameThem(keys, t)
  const yes = await confirm({
    title: t('keys.removeTitle', { name }),
    children: <Victims keys={keys} all={[...useKeys.getState().byId.values()]} />,
    confirm: t('keys.remove'),
    danger: true,
  })
  if (yes && (await done(rpc.keys.remove({ ids: idsOf(keys) })))) toast({ text: t('keys.doneRemove', { name }) })
}

/** Forgets bench, cooldown and breaker of those that rest. */
export async function resetKeys(keys: readonly Key[]): Promise<void> {
  const those = applicable('reset', keys)
  if (those.length === 0 || !(await done(rpc.keys.resetCooldown({ ids: idsOf(those) })))) return
  const t = currentText()
  toast({ text: t('keys.doneReset', { name: nameThem(those, t) }) })
}

/** The cheapest real call; says what the vendor answered. */
export async function testKey({ id, name }: Pick<Key, 'id' | 'name'>): Promise<void> {
  const test = await run(whileTesting(id, rpc.keys.test({ id })))
  if (!test) return
  const t = currentText()
  const action = { label: t('keys.testsOf', { name }), onClick: () => navigate(keyPath(id, 'tests')) }
  if (!test.ok && test.failure)
    failureToast(knownCode(test.failure.code), { ...test.failure.details, key: name }, action)
  else {
    const time = duration(test.latencyMs, currentLanguage())
    toast({ text: t('keys.doneTest', { name, time, count: test.models?.length ?? 0 }), action })
  }
}
