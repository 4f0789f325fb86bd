import { useState } from 'react'
import type { Sample } from '../../../../shared/contracts/services.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'
import { memory, percent } from '../../../ui/format.ts'
import { Sparkline } from '../../../ui/Sparkline.tsx'
import { useNow } from '../../../ui/use-now.ts'
import { usePageHidden } from '../readings-store.ts'
import styles from './Drawer.module.css'

const span = 10 * 60 * 1000

/** CPU and memory over the last ten minutes, with the newest numbers; measured only while somebody looks. */
export function Usage({
  id,
  running,
  memoryLimit,
}: {
  readonly id: string
  readonly running: boolean
  readonly memoryLimit: number | null
}) {
  const t = useText()
  const language = useLanguage()
  const [samples, setSamples] = useState<readonly Sample[]>([])
  const hidden = usePageHidden()
  useEvent(rpc.services.onStatsHistory, hidden ? null : { id }, (update) =>
    setSamples((before) =>
      update.kind === 'snapshot'
        ? update.samples
        : [...before.filter(({ time }) => time > update.sample.time - span), update.sample],
    ),
  )
  const now = useNow('second')
  const newest = samples.at(-1)
  if (!newest) {
    return <p className={styles['quiet']}>{t(running ? 'services.measuring' : 'services.notMeasured')}</p>
  }
  const used = memory(newest.memoryBytes, language)
  const of = memoryLimit === null ? used : t('services.memoryOf', { used, limit: memory(memoryLimit, language) })
  const to = Math.max(now, newest.time)
  const chart = { from: to - span, to }
  return (
    <section className={styles['usage']} aria-label={t('services.usage')}>
      <figure>
        <figcaption>
          {t('services.cpu')} <strong>{running ? percent(newest.cpuPercent, language) : '–'}</strong>
        </figcaption>
        <Sparkline
          {...chart}
          label={t('services.cpuChart')}
          write={(value) => percent(value, language)}
          points={samples.map(({ time, cpuPercent }) => ({ time, value: cpuPercent }))}
        />
      </figure>
      <figure>
        <figcaption>
          {t('services.memory')} <strong>{running ? of : '–'}</strong>
        </figcaption>
        <Sparkline
          {...chart}
          {...(memoryLimit === null ? {} : { max: memoryLimit })}
          label={t('services.memoryChart')}
          write={(value) => memory(value, language)}
          points={samples.map(({ time, memoryBytes }) => ({ time, value: memoryBytes }))}
        />
      </figure>
    </section>
  )
}
