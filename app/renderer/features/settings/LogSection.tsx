import { FileText } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { LogLevel } from '../../../shared/contracts/app-log.ts'
import { type Translate, useLanguage, useText } from '../../i18n/language.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { dateTime } from '../../ui/format.ts'
import { KeyValue } from '../../ui/KeyValue.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { Select } from '../../ui/Select.tsx'
import { type Mark, StateMark } from '../../ui/StateMark.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Column } from '../../ui/table/table-types.ts'
import { pretty } from './audit-lines.ts'
import { applyLog, filterLog, type KeyedLine } from './log-lines.ts'
import styles from './Settings.module.css'

const levels = {
  debug: { mark: 'stopped', words: 'settings.markDebug', least: 'settings.levelDebug' },
  info: { mark: 'ok', words: 'settings.markInfo', least: 'settings.levelInfo' },
  warn: { mark: 'warn', words: 'settings.markWarn', least: 'settings.levelWarn' },
  error: { mark: 'fail', words: 'settings.markError', least: 'settings.levelError' },
} as const satisfies Record<LogLevel, { mark: Mark; words: string; least: string }>
const names = Object.keys(levels) as LogLevel[]

const columnsIn = (t: Translate, language: string): Column<KeyedLine>[] => [
  { key: 'time', header: t('settings.when'), width: 200, cell: ({ time }) => dateTime(time, language) },
  {
    key: 'level',
    header: t('settings.logLevel'),
    width: 88,
    cell: ({ level }) => (
      <span className={styles['cell']}>
        <StateMark state={levels[level].mark} /> {t(levels[level].words)}
      </span>
    ),
  },
  { key: 'part', header: t('settings.part'), width: 96, priority: 1, cell: ({ feature }) => feature },
  {
    key: 'message',
    header: t('settings.message'),
    cell: ({ message, fields }) => (
      <span title={fields}>
        {message} {fields !== '{}' && <code className={styles['quiet']}>{fields}</code>}
      </span>
    ),
  },
]
const keyOf = ({ key }: KeyedLine) => key

/** The console's own log, live. Usable without a database, so the repair page shows it too. */
export function LogSection() {
  const t = useText()
  const language = useLanguage()
  const [lines, setLines] = useState<readonly KeyedLine[]>([])
  const [least, setLeast] = useState<LogLevel>('info')
  const [query, setQuery] = useState('')
  const [opened, setOpened] = useState<KeyedLine | null>(null)
  useEvent(rpc.appLog.onLines, undefined, (update) => setLines((now) => applyLog(now, update)))
  const rows = useMemo(() => filterLog(lines, least, query), [lines, least, query])
  const columns = useMemo(() => columnsIn(t, language), [t, language])
  const filtered = lines.length > 0
  return (
    <>
      <p className={styles['hint']}>{t('settings.logHint')}</p>
      <div className={styles['above']}>
        <div className={styles['grow']}>
          <SearchField label={t('settings.logSearch')} value={query} onChange={setQuery} />
        </div>
        <Select
          label={t('settings.logLevel')}
          hideLabel
          value={least}
          options={names.map((value) => ({ value, label: t(levels[value].least) }))}
          onChange={setLeast}
        />
      </div>
      <div className={styles['list']}>
        <Table
          label={t('settings.log')}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          onOpen={setOpened}
          empty={
            <EmptyState icon={FileText} title={t(filtered ? 'settings.logFiltered' : 'settings.logEmpty')}>
              {filtered ? t('settings.logFilteredText', { count: lines.length }) : t('settings.logEmptyText')}
            </EmptyState>
          }
        />
      </div>
      {opened && <LogLineDialog line={opened} onClose={() => setOpened(null)} />}
    </>
  )
}

function LogLineDialog({ line, onClose }: { readonly line: KeyedLine; readonly onClose: () => void }) {
  const t = useText()
  const { time, level, feature, message, fields } = line
  const items = [
    { key: 'time', label: t('settings.when'), value: dateTime(time, useLanguage()) },
    { key: 'level', label: t('settings.logLevel'), value: t(levels[level].words) },
    { key: 'part', label: t('settings.part'), value: feature },
  ]
  const text = `${new Date(time).toISOString()} ${level} ${feature} ${message} ${fields}`
  return (
    <Dialog open title={message} onClose={onClose} footer={<CopyButton text={text} label={t('settings.copyLine')} />}>
      <KeyValue items={items} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable by keyboard */}
      <pre className={styles['json']} tabIndex={0}>
        {pretty(fields)}
      </pre>
    </Dialog>
  )
}
