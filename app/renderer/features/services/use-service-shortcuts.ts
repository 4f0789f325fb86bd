import type { RefObject } from 'react'
import type { Service } from '../../../shared/contracts/services.ts'
import { useText } from '../../i18n/language.ts'
import { focusedKey, listLetters } from '../../shell/list/list-letters.ts'
import { type Shortcuts, useShortcuts } from '../../shell/shortcuts.ts'
import { pauseOrUnpause, startOrStop } from './action-rules.ts'
import { act, ask } from './service-actions.ts'
import type { OpenService } from './service-menu.ts'
import { useServices } from './services-store.ts'
import { useServicesView } from './services-view.ts'

/**
 * The letters of the list. They act on the selection where there is one, else on the row with the keyboard (a group's
 * header stands for its project), else on the service whose drawer is open.
 */
export function useServiceShortcuts({
  openId,
  selected,
  open,
  filter,
}: {
  readonly openId: string | null
  readonly selected: readonly Service[]
  readonly open: OpenService
  readonly filter: RefObject<HTMLInputElement | null>
}): void {
  const t = useText()
  const letters = listLetters({
    byId: () => useServices.getState().byId,
    view: useServicesView.getState,
    change: useServicesView.setState,
    ...{ selected, openId, filter },
    words: { select: t('services.select'), filter: t('services.filterLabel') },
  })
  const { current } = letters
  const targets = (): readonly Service[] => {
    const group = selected.length === 0 && /^group:(.+)$/.exec(focusedKey() ?? '')?.[1]
    if (group) return [...useServices.getState().byId.values()].filter(({ project }) => project === group)
    return letters.targets()
  }
  const openCurrent = (tab: 'logs' | 'terminal') => {
    const one = current()
    if (one) open(one.id, tab)
  }
  const shortcuts: Shortcuts = {
    r: { label: t('services.restart'), run: () => void act(targets(), { kind: 'restart' }) },
    s: {
      label: `${t('services.stop')} / ${t('services.start')}`,
      run: () => {
        const [first] = targets()
        if (first) void act(targets(), { kind: startOrStop(first) })
      },
    },
    p: {
      label: `${t('services.pause')} / ${t('services.unpause')}`,
      run: () => {
        const [first] = targets()
        if (first) void act(targets(), { kind: pauseOrUnpause(first) })
      },
    },
    m: { label: t('services.logs'), run: () => openCurrent('logs') },
    e: { label: t('services.terminal'), run: () => openCurrent('terminal') },
    ...letters.shortcuts,
    Delete: { label: t('services.remove'), run: () => ask('remove', targets()) },
  }
  useShortcuts(shortcuts, t('shell.services'))
}
