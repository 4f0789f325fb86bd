import { FilterX, ScrollText } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { Service } from '../../../shared/contracts/services.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { keepFile } from '../../shell/keep-file.ts'
import { run } from '../../shell/run.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { toast } from '../../shell/toasts.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { LogList, type LogListHandle } from './LogList.tsx'
import { LogToolbar } from './LogToolbar.tsx'
import type { Level } from './levels.ts'
import { useLogOptions } from './log-options.ts'
import type { LogRow, LogRows } from './log-rows.ts'
import { firstAfter } from './log-search.ts'
import { textOf } from './log-text.ts'
import styles from './ServiceLogs.module.css'
import { type LogSearch, type SearchDraft, useLog, useLogSearch } from './use-log.ts'

/** The Logs tab of a service. */
export function ServiceLogs({ service }: { readonly service: Service }) {
  return <LogView key={service.id} service={service} />
}

const emptyDraft: SearchDraft = { text: '', exclude: '', isRegex: false }

function LogView({ service }: { readonly service: Service }) {
  const t = useText()
  const view = useLog(service.id)
  const options = useLogOptions()
  const [draft, setDraft] = useState(emptyDraft)
  const [onlyFound, setOnlyFound] = useState(false)
  const [cleared, setCleared] = useState<number | null>(null)
  const [current, setCurrent] = useState<number | null>(null)
  const search = useLogSearch(view, draft)
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<LogListHandle>(null)
  const shown = useShown(view, search, onlyFound && search.active, cleared)

  function goTo(seq: number | undefined): void {
    if (seq === undefined) return
    setCurrent(seq)
    list.current?.show(seq)
  }
  /** From the current line, or from what is on screen; after the last comes the first again. */
  const from = () => current ?? (list.current?.firstSeq() ?? 1) - 1
  function stepFound(backwards: boolean): void {
    const { lines } = search
    const next = backwards ? lines.findLast((seq) => seq < from()) : lines.find((seq) => seq > from())
    goTo(next ?? (backwards ? lines.at(-1) : lines[0]))
  }
  function stepLevel(level: Level, backwards: boolean): void {
    const fits = (row: LogRow) => row.kind === 'line' && row.level === level
    const after = (row: LogRow) => fits(row) && row.seq > from()
    const before = (row: LogRow) => fits(row) && row.seq < from()
    const next = backwards ? shown.findLast(before) : shown.find(after)
    goTo((next ?? (backwards ? shown.findLast(fits) : shown.find(fits)))?.seq)
  }
  async function copy(rows: readonly LogRow[]): Promise<void> {
    const count = rows.filter((row) => row.kind === 'line').length
    if (count > 0 && (await copyText(textOf(rows, options.timestamps)))) toast({ text: t('logs.copied', { count }) })
  }
  useShortcuts(
    {
      '/': { label: t('logs.search'), run: () => field.current?.focus() },
      e: { label: t('logs.nextError'), run: () => stepLevel('error', false) },
      'Shift+E': { label: t('logs.previousError'), run: () => stepLevel('error', true) },
      w: { label: t('logs.nextWarning'), run: () => stepLevel('warn', false) },
      'Shift+W': { label: t('logs.previousWarning'), run: () => stepLevel('warn', true) },
      c: { label: t('logs.copyLine'), run: () => void copy(shown.filter((row) => row.seq === current)) },
    },
    t('logs.title'),
  )

  return (
    <div className={styles['logs']}>
      <LogToolbar
        draft={draft}
        onDraft={setDraft}
        search={search}
        position={current === null ? 0 : search.lines.indexOf(current) + 1}
        onlyFound={onlyFound}
        onOnlyFound={setOnlyFound}
        onStep={stepFound}
        options={options}
        cleared={cleared !== null}
        onClear={(on) => setCleared(on ? (view.rows.at(-1)?.seq ?? 0) : null)}
        onCopy={() => void copy(shown)}
        onDownload={() =>
          void run(rpc.services.exportLogs({ id: service.id, timestamps: options.timestamps })).then(keepFile)
        }
        fieldRef={field}
      />
      <StateLine view={view} />
      {shown.length > 0 ? (
        <LogList
          ref={list}
          rows={shown}
          options={options}
          places={search.places}
          current={current}
          onPick={setCurrent}
          label={t('logs.of', { name: service.name })}
        />
      ) : (
        <Nothing
          view={view}
          cleared={cleared !== null}
          onShowAll={() => {
            setDraft(emptyDraft)
            setOnlyFound(false)
            setCleared(null)
          }}
        />
      )}
    </div>
  )
}

/** The rows that pass: not cleared away, found when only those are wanted, not left out. */
function useShown(view: LogRows, search: LogSearch, onlyFound: boolean, cleared: number | null): readonly LogRow[] {
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows and results are mutated; their versions tell
  return useMemo(() => {
    const { places, excluded } = search
    const rows = cleared === null ? view.rows : view.rows.slice(firstAfter(view.rows, cleared))
    if (!onlyFound && excluded.size === 0) return rows
    const passed = rows.filter((row) => (onlyFound ? places.has(row.seq) : !excluded.has(row.seq)))
    return passed.some((row) => row.kind === 'line') ? passed : []
  }, [view.version, search.version, onlyFound, cleared])
}

/** What is true of the whole log now, when something is. */
function StateLine({ view }: { readonly view: LogRows }) {
  const t = useText()
  const language = useLanguage()
  const { failure, state, dropped, rows } = view
  if (rows.length === 0) return null
  if (failure) {
    const { sentence } = describeError(knownCode(failure.code), failure.details, language)
    return <Banner tone="fail">{sentence}</Banner>
  }
  return (
    <>
      {state === 'ended' && <Banner tone="info">{t('logs.ended')}</Banner>}
      {dropped > 0 && <Banner tone="info">{t('logs.dropped', { count: dropped })}</Banner>}
    </>
  )
}

function Nothing(props: { readonly view: LogRows; readonly cleared: boolean; readonly onShowAll: () => void }) {
  const { view, onShowAll } = props
  const t = useText()
  const language = useLanguage()
  const { failure, state, rows } = view
  if (rows.length > 0) {
    const title = props.cleared ? t('logs.allCleared') : t('logs.nothingFound')
    const action = <Button onClick={onShowAll}>{t('logs.showAll')}</Button>
    return <EmptyState icon={FilterX} title={title} action={action} />
  }
  if (failure) {
    const code = knownCode(failure.code)
    return <ErrorState code={code} {...describeError(code, failure.details, language)} />
  }
  if (state === null) return <SkeletonRows />
  return (
    <EmptyState icon={ScrollText} title={t('logs.empty')}>
      {t(state === 'ended' ? 'logs.emptyEnded' : 'logs.emptyRunning')}
    </EmptyState>
  )
}
