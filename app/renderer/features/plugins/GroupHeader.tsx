import { Undo2 } from 'lucide-react'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { dateTime } from '../../ui/format.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { type Mark, StateMark } from '../../ui/StateMark.tsx'
import styles from './Plugins.module.css'
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
      <span className={styles['group']}>
        <span className={styles['groupName']}>{t('plugins.uninstalled')}</span>
        <span className={styles['counts']}>
          {t('plugins.restorableFirst', { count: plugins.length, time: dateTime(until, language) })}
        </span>
        <IconButton
          icon={Undo2}
          label={t('plugins.restoreAll')}
          disabled={applicable('restore', plugins).length === 0}
          onClick={() => void act('restore', plugins)}
        />
      </span>
    )
  }
  const counts = countConditions(plugins)
  return (
    <span className={styles['group']}>
      <span className={styles['groupName']}>{t('plugins.installed')}</span>
      <span className={styles['counts']}>
        {shownConditions
          .filter((condition) => counts[condition] > 0)
          .map((condition) => {
            const words = t(countWords[condition], { count: counts[condition] })
            return (
              <span key={condition} className={styles['count']} title={words}>
                <StateMark state={condition} label={words} />
                <span aria-hidden>{counts[condition]}</span>
              </span>
            )
          })}
      </span>
    </span>
  )
}
