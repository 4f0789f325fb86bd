import { CirclePlay, RotateCw, Square } from 'lucide-react'
import type { Condition, Service } from '../../../shared/contracts/services.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { useText } from '../../i18n/language.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { GroupLine } from '../../ui/table/GroupLine.tsx'
import { applicable } from './action-rules.ts'
import { act } from './service-actions.ts'
import { countConditions, pinnedGroup, shownConditions } from './service-order.ts'

const countWords: Record<Condition, TextKey> = {
  ok: 'services.countsOk',
  warn: 'services.countsWarn',
  fail: 'services.countsFail',
  busy: 'services.countsBusy',
  stopped: 'services.countsStopped',
  unknown: 'services.countsUnknown',
}

/** A project of the list: how its services are, and what can be done to all of them. */
export function GroupHeader({
  group,
  services,
}: {
  readonly group: string | null
  readonly services: readonly Service[]
}) {
  const t = useText()
  const counts = countConditions(services)
  const name = group === null ? t('services.otherContainers') : group === pinnedGroup ? t('services.pinned') : group
  return (
    <GroupLine
      name={name}
      counts={shownConditions.map((mark) => ({
        mark,
        count: counts[mark],
        words: t(countWords[mark], { count: counts[mark] }),
      }))}
    >
      {group !== null && group !== pinnedGroup && (
        <>
          <IconButton
            icon={CirclePlay}
            label={t('services.startAll', { name })}
            disabled={applicable('start', services).length === 0}
            onClick={() => void act(services, { kind: 'start' })}
          />
          <IconButton
            icon={Square}
            label={t('services.stopAll', { name })}
            disabled={applicable('stop', services).length === 0}
            onClick={() => void act(services, { kind: 'stop' })}
          />
          <IconButton
            icon={RotateCw}
            label={t('services.restartAll', { name })}
            disabled={applicable('restart', services).length === 0}
            onClick={() => void act(services, { kind: 'restart' })}
          />
        </>
      )}
    </GroupLine>
  )
}
