import { useEffect, useMemo, useState } from 'react'
import { useLanguage, useText } from '../../i18n/language.ts'
import { memory, percent } from '../../ui/format.ts'
import { Sparkline } from '../../ui/Sparkline.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { useMeasuring, useReadings } from '../services/readings-store.ts'
import { countConditions } from '../services/service-order.ts'
import { useServices } from '../services/services-store.ts'
import styles from './Overview.module.css'

/** Enough for most machines, and cheap where each needs a stream of the engine. */
const mostMeasured = 100
const span = 10 * 60 * 1000

interface Total {
  readonly time: number
  readonly cpuPercent: number
  readonly memoryBytes: number
}

/** How many run, fail and stand still, and what the running ones use, measured while the page is looked at. */
export function Figures() {
  const t = useText()
  const byId = useServices((state) => state.byId)
  const counts = useMemo(() => countConditions(byId.values()), [byId])
  const running = useMemo(
    () => [...byId.values()].filter(({ state }) => state.kind === 'running').map(({ id }) => id),
    [byId],
  )
  const measured = useMemo(() => running.slice(0, mostMeasured).sort(), [running])
  useMeasuring(measured)
  return (
    <section className={styles['panel']} aria-labelledby="overview-figures">
      <h2 id="overview-figures">{t('overview.figures')}</h2>
      <dl className={styles['counts']}>
        {(
          [
            ['ok', 'overview.running', running.length],
            ['fail', 'overview.failed', counts.fail],
            ['warn', 'overview.warning', counts.warn],
            ['stopped', 'overview.stopped', counts.stopped],
          ] as const
        ).map(([condition, key, count]) => (
          <div key={condition}>
            <dt>
              <StateMark state={condition} /> {t(key)}
            </dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      {running.length === 0 ? (
        <p className={styles['quiet']}>{t('overview.nothingRuns')}</p>
      ) : (
        <Usage running={running.length} measured={measured.length} />
      )}
    </section>
  )
}

function Usage({ running, measured }: { readonly running: number; readonly measured: number }) {
  const t = useText()
  const language = useLanguage()
  const totals = useTotals()
  const newest = totals.at(-1)
  if (!newest) return <p className={styles['quiet']}>{t('overview.measuring')}</p>
  const chart = { from: newest.time - span, to: newest.time }
  return (
    <>
      <div className={styles['usage']}>
        <figure>
          <figcaption>
            {t('overview.cpu')} <strong>{percent(newest.cpuPercent, language)}</strong>
          </figcaption>
          <Sparkline
            {...chart}
            label={t('overview.cpuChart')}
            write={(value) => percent(value, language)}
            points={totals.map(({ time, cpuPercent }) => ({ time, value: cpuPercent }))}
          />
        </figure>
        <figure>
          <figcaption>
            {t('overview.memory')} <strong>{memory(newest.memoryBytes, language)}</strong>
          </figcaption>
          <Sparkline
            {...chart}
            label={t('overview.memoryChart')}
            write={(value) => memory(value, language)}
            points={totals.map(({ time, memoryBytes }) => ({ time, value: memoryBytes }))}
          />
        </figure>
      </div>
      <p className={styles['quiet']}>
        {measured === running
          ? t('overview.ofAll', { count: running })
          : t('overview.ofSome', { measured, count: running })}
      </p>
    </>
  )
}

/** Sums of the readings since the page was opened, ten minutes at most. */
function useTotals(): readonly Total[] {
  const readings = useReadings((state) => state.byId)
  const [totals, setTotals] = useState<readonly Total[]>([])
  useEffect(() => {
    if (readings.size === 0) return
    const total = { time: 0, cpuPercent: 0, memoryBytes: 0 }
    for (const sample of readings.values()) {
      total.time = Math.max(total.time, sample.time)
      total.cpuPercent += sample.cpuPercent
      total.memoryBytes += sample.memoryBytes
    }
    setTotals((before) => [...before.filter(({ time }) => time > total.time - span && time < total.time), total])
  }, [readings])
  return totals
}
