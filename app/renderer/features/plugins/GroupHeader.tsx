import { Undo2 } from 'lucide-react'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { dateTime } from '../../ui/format.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import type { Mark } from '../../ui/StateMark.tsx'
import { GroupLine } from '../../ui/table/GroupLine.tsx'
import { act, applicable } from './plugin-actions.ts'
import { countConditions, shownConditions } from './plugin-order.ts'

const countWords: Record<Mark, TextKey> = {
  ok: 'plugins.countsOk',
  warn: 'plugins.countsWarn',
  fail: 'plugins.countsFail',
  busy: 'plugins.countsBusy',
  stopped: 'plugins.countsStopped',
  unknown: 'plugins.countsUnknown',
}

/** The installed ones: how they are. The uninstalled ones: until when they can be had back. */
export function GroupHeader({
  group,
  plugins,
}: {
  readonly group: string | null
  readonly plugins: readonly Plugin[]
}) {
  const t = useText()
  const language = useLanguage()
  if (group === null) {
    const until = Math.min(...plugins.map(({ restorableUntil }) => restorableUntil ?? Number.POSITIVE_INFINITY))
    return (
      <GroupLine
        name={t('plugins.uninstalled')}
        text={t('plugins.restorableFirst', { count: plugins.length, time: dateTime(until, language) })}
      >
        <IconButton
          icon={Undo2}
          label={t('plugins.restoreAll')}
          disabled={applicable('restore', plugins).length === 0}
          onClick={() => void act('restore', plugins)}
        />
      </GroupLine>
    )
  }
  const counts = countConditions(plugins)
  return (
    <GroupLine
      name={t('plugins.installed')}
      counts={shownConditions.map((mark) => ({
        mark,
        count: counts[mark],
        words: t(countWords[mark], { count: counts[mark] }),
      }))}
    />
  )
}
