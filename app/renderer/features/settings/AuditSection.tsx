import { ScrollText, ShieldCheck } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { Entry } from '../../../shared/contracts/audit.ts'
import { type Translate, useLanguage, useText } from '../../i18n/language.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'
import { run } from '../../shell/run.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { dateTime } from '../../ui/format.ts'
import { StateMark } from '../../ui/StateMark.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Column } from '../../ui/table/table-types.ts'
import { AuditLineDialog } from './AuditLineDialog.tsx'
import { type AuditLines, actors, addOlder, applyAudit, foldEnds, outcomes, pageLength } from './audit-lines.ts'
import styles from './Settings.module.css'

type Verdict = Awaited<ReturnType<typeof rpc.audit.verify>>

const broken = {
  changed: 'settings.brokenChanged',
  removed: 'settings.brokenRemoved',
  inserted: 'settings.brokenInserted',
} as const

const columnsIn = (t: Translate, language: string): Column<Entry>[] => [
  { key: 'time', header: t('settings.when'), width: 200, cell: ({ time }) => dateTime(time, language) },
  { key: 'action', header: t('settings.action'), width: 208, cell: ({ action }) => <code>{action}</code> },
  { key: 'target', header: t('settings.target'), cell: ({ target }) => <span title={target}>{target}</span> },
  { key: 'actor', header: t('settings.actor'), width: 136, priority: 1, cell: ({ actor }) => t(actors[actor]) },
  {
    key: 'outcome',
    header: t('settings.outcome'),
    width: 120,
    cell: ({ outcome, code }) => (
      <span className={styles['cell']} title={code ?? undefined}>
        <StateMark state={outcomes[outcome].mark} /> {t(outcomes[outcome].words)}
      </span>
    ),
  },
]
const keyOf = ({ sequence }: Entry) => String(sequence)

export function AuditSection() {
  const t = useText()
  const language = useLanguage()
  const [lines, setLines] = useState<AuditLines>({ entries: [], whole: true })
  const [opened, setOpened] = useState<Entry | null>(null)
  useEvent(rpc.audit.onEntries, undefined, (update) => setLines((now) => applyAudit(now, update)))

  const asking = useRef(false)
  async function loadOlder(): Promise<void> {
    const last = lines.entries.at(-1)
    if (lines.whole || asking.current || !last) return
    asking.current = true
    const older = await run(rpc.audit.list({ before: last.sequence, targetId: null, limit: pageLength }))
    asking.current = false
    if (older) setLines((now) => addOlder(now, older.entries))
  }
  const rows = useMemo(() => foldEnds(lines.entries), [lines])
  const columns = useMemo(() => columnsIn(t, language), [t, language])
  const lowest = rows.at(-1)
  return (
    <>
      <p className={styles['hint']}>{t('settings.auditHint')}</p>
      <Verify />
      <div className={styles['list']}>
        <Table
          label={t('settings.audit')}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          onOpen={setOpened}
          onVisible={(keys) => {
            if (lowest && keys.includes(keyOf(lowest))) void loadOlder()
          }}
          empty={
            <EmptyState icon={ScrollText} title={t('settings.auditEmpty')}>
              {t('settings.auditEmptyText')}
            </EmptyState>
          }
        />
      </div>
      {opened && <AuditLineDialog entry={opened} onClose={() => setOpened(null)} />}
    </>
  )
}

function Verify() {
  const t = useText()
  const [busy, setBusy] = useState(false)
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const verify = async () => {
    setBusy(true)
    setVerdict((await run(rpc.audit.verify())) ?? null)
    setBusy(false)
  }
  return (
    <>
      <div className={styles['above']}>
        <Button icon={ShieldCheck} busy={busy} onClick={() => void verify()}>
          {t(busy ? 'settings.verifying' : 'settings.verify')}
        </Button>
      </div>
      {verdict && (
        <div className={styles['verdict']}>
          <Banner tone={verdict.kind === 'whole' ? 'ok' : 'fail'}>
            {verdict.kind === 'whole'
              ? t('settings.whole', { count: verdict.entries })
              : t(broken[verdict.reason], { sequence: String(verdict.sequence) })}
          </Banner>
        </div>
      )}
    </>
  )
}
