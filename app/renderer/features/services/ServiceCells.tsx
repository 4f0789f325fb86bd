import { conditionOf, type Port, type Sample, type Service } from '../../../shared/contracts/services.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { classes } from '../../ui/classes.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { portLinks } from './port-links.ts'
import { useReadings } from './readings-store.ts'
import styles from './Services.module.css'
import { since, stateSentence } from './service-words.ts'

export function NameCell({ service }: { readonly service: Service }) {
  return (
    <span className={styles['name']} title={service.name}>
      <StateMark state={conditionOf(service)} />
      <span className={styles['cut']}>{service.name}</span>
    </span>
  )
}

export function StateCell({ service }: { readonly service: Service }) {
  const t = useText()
  const sentence = stateSentence(service, t)
  const condition = conditionOf(service)
  return (
    <span className={classes(styles['sentence'], styles[condition])} title={sentence}>
      {sentence}
    </span>
  )
}

/** The ports, published ones as links into a new tab. `current`: only the row with the keyboard has tab stops. */
export function PortsCell({
  ports,
  host,
  current,
}: {
  readonly ports: readonly Port[]
  readonly host: string
  readonly current: boolean
}) {
  const t = useText()
  return (
    <span className={styles['ports']}>
      {portLinks(ports, host).map(({ label, url, full }) =>
        url ? (
          <a
            key={label}
            href={url}
            target="_blank"
            rel="noreferrer"
            tabIndex={current ? 0 : -1}
            title={t('services.openPort', { url, full })}
          >
            {label}
          </a>
        ) : (
          <span key={label} title={full}>
            {label}
          </span>
        ),
      )}
    </span>
  )
}

/** One number of the newest reading; only this cell paints again each second. */
export function ReadingCell({
  id,
  write,
}: {
  readonly id: string
  readonly write: (sample: Sample, language: string) => string
}) {
  const language = useLanguage()
  const sample = useReadings(({ byId }) => byId.get(id))
  return sample ? <>{write(sample, language)}</> : <span className={styles['none']}>–</span>
}

export function UptimeCell({ service }: { readonly service: Service }) {
  const at = since(service)
  if (at === null) return <span className={styles['none']}>–</span>
  if (service.state.kind !== 'stopped') return <RelativeTime time={at} form="age" />
  return <Ended at={at} />
}

/** Of what has ended not how long it ran but how long ago that was, in words that cannot be taken for it. */
function Ended({ at }: { readonly at: number }) {
  const t = useText()
  return (
    <span className={styles['ended']}>
      <RelativeTime time={at} form="age" write={(age) => t('services.endedAgo', { age })} />
    </span>
  )
}
