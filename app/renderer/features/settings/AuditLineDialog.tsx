import type { Entry } from '../../../shared/contracts/audit.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { dateTime } from '../../ui/format.ts'
import { KeyValue, type KeyValueItem } from '../../ui/KeyValue.tsx'
import { Mono } from '../../ui/Mono.tsx'
import { actors, outcomes, pretty } from './audit-lines.ts'
import styles from './Settings.module.css'

/** Everything one line of the trail says. */
export function AuditLineDialog({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const t = useText()
  const language = useLanguage()
  const items: KeyValueItem[] = [
    { key: 'time', label: t('settings.when'), value: dateTime(entry.time, language) },
    { key: 'actor', label: t('settings.actor'), value: t(actors[entry.actor]) },
    { key: 'action', label: t('settings.action'), value: <Mono>{entry.action}</Mono> },
    { key: 'target', label: t('settings.target'), value: entry.target },
    { key: 'id', label: t('settings.targetId'), value: <Mono>{entry.targetId}</Mono>, copy: entry.targetId },
    { key: 'outcome', label: t('settings.outcome'), value: t(outcomes[entry.outcome].words) },
    ...(entry.code === null
      ? []
      : [{ key: 'code', label: t('settings.code'), value: <Mono>{entry.code}</Mono>, copy: entry.code }]),
    { key: 'hash', label: t('settings.hash'), value: <Mono>{entry.hash}</Mono>, copy: entry.hash },
  ]
  return (
    <Dialog open title={t('settings.line', { sequence: String(entry.sequence) })} onClose={onClose}>
      <KeyValue items={items} />
      {entry.before !== null && <Json title={t('settings.before')} text={entry.before} />}
      {entry.after !== null && <Json title={t('settings.after')} text={entry.after} />}
    </Dialog>
  )
}

function Json({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <section>
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable by keyboard */}
      <pre className={styles['json']} tabIndex={0}>
        {pretty(text)}
      </pre>
    </section>
  )
}
