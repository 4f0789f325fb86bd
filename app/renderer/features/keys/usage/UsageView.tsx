import { ChartColumn, Download } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { UsageRow } from '../../../../shared/contracts/gateway.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { keepFile } from '../../../shell/keep-file.ts'
import { run } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { Chart } from '../../../ui/Chart.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { compact } from '../../../ui/format.ts'
import { SearchField } from '../../../ui/SearchField.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { Select } from '../../../ui/Select.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { Table } from '../../../ui/Table.tsx'
import { Toolbar, ToolbarFilter } from '../../../ui/Toolbar.tsx'
import { FilteredOut } from '../FilteredOut.tsx'
import { costSentence, shareWord } from '../key-figures.ts'
import styles from './Usage.module.css'
import { usageColumns } from './usage-columns.tsx'
import { type By, filled, groupings, type Range, ranges, stepOf, totalOf, useUsageView } from './usage-view.ts'
import { costWord, groupWord, stepWord } from './usage-words.ts'
import { type UsageAnswer, useUsage } from './use-usage.ts'

const keyOf = ({ group }: UsageRow) => group

/** What went through the gateway in a range of time: a chart over it, its sums, and rows by what one asks for. */
export function UsageView() {
  const t = useText()
  const { range, by } = useUsageView()
  const { answer, error } = useUsage(range, by)
  const [text, setText] = useState('')
  const save = async () => {
    if (answer) keepFile(await run(rpc.gateway.exportUsage({ ...answer.span, by: answer.by })))
  }
  return (
    <>
      <Toolbar
        end={
          <Button icon={Download} disabled={!answer || answer.rows.length === 0} onClick={() => void save()}>
            {t('keys.csv')}
          </Button>
        }
      >
        <SegmentedControl
          label={t('keys.range')}
          value={range}
          options={(Object.keys(ranges) as Range[]).map((value) => ({ value, label: t(ranges[value].words) }))}
          onChange={(next) => useUsageView.setState({ range: next })}
        />
        <div className={styles['by']}>
          <span aria-hidden>{t('keys.by')}</span>
          <Select
            label={t('keys.by')}
            hideLabel
            value={by}
            options={(Object.keys(groupings) as By[]).map((value) => ({ value, label: t(groupings[value]) }))}
            onChange={(next) => useUsageView.setState({ by: next, sort: null })}
          />
        </div>
        <ToolbarFilter>
          <SearchField label={t('keys.usageFind')} value={text} onChange={setText} />
        </ToolbarFilter>
      </Toolbar>
      {error !== null ? (
        <Failed error={error} />
      ) : answer ? (
        <Answer answer={answer} text={text} onClear={() => setText('')} />
      ) : (
        <SkeletonRows />
      )}
    </>
  )
}

function Answer({
  answer,
  text,
  onClear,
}: {
  readonly answer: UsageAnswer
  /** What the names of the rows must have; the sums and the chart are of all. */
  readonly text: string
  readonly onClear: () => void
}) {
  const t = useText()
  const language = useLanguage()
  const sort = useUsageView((state) => state.sort)
  const { rows, by } = answer
  const most = useMemo(() => Math.max(0, ...rows.map(({ requests }) => requests)), [rows])
  const columns = useMemo(() => usageColumns(by, most, t, language), [by, most, t, language])
  const wanted = text.trim().toLowerCase()
  const shown = useMemo(
    () => rows.filter((row) => groupWord(row, by, t, language).toLowerCase().includes(wanted)),
    [rows, by, t, language, wanted],
  )
  if (rows.length === 0) {
    return (
      <EmptyState icon={ChartColumn} title={t('keys.usageEmpty')}>
        {t('keys.usageEmptyText')}
      </EmptyState>
    )
  }
  const standard =
    by === 'hour' || by === 'day'
      ? ({ key: 'group', direction: 'descending' } as const)
      : ({ key: 'requests', direction: 'ascending' } as const)
  return (
    <>
      <div className={styles['head']}>
        <Sums rows={rows} />
        <OverTime answer={answer} />
      </div>
      <Table
        label={t('keys.usage')}
        rows={shown}
        columns={columns}
        rowKey={keyOf}
        sort={sort ?? standard}
        onSort={(next) => useUsageView.setState({ sort: next })}
        empty={<FilteredOut hidden={rows.length} onClear={onClear} />}
      />
    </>
  )
}

function Sums({ rows }: { readonly rows: readonly UsageRow[] }) {
  const t = useText()
  const language = useLanguage()
  const { requests, errors, tokens, images, cost, unpriced } = totalOf(rows)
  const number = (value: number) => value.toLocaleString(language)
  const figures = [
    [t('keys.requests'), number(requests)],
    [t('keys.errorShare'), requests === 0 ? '–' : shareWord((errors / requests) * 100, language)],
    [t('keys.tokensUsed'), number(tokens)],
    [t('keys.images'), number(images)],
    [t('keys.cost'), costSentence(costWord(cost, language), unpriced, t) || '–'],
  ] as const
  return (
    <section aria-label={t('keys.figures')}>
      <dl className={styles['figures']}>
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function OverTime({ answer }: { readonly answer: UsageAnswer }) {
  const t = useText()
  const language = useLanguage()
  const step = stepOf(answer.range)
  const bars = filled(answer.steps, answer.span, step).map(({ at, requests, errors }) => ({
    label: stepWord(at, step, language),
    value: requests,
    bad: errors,
  }))
  return (
    <Chart
      label={t(step === 'hour' ? 'keys.chartHours' : 'keys.chartDays')}
      bars={bars}
      top={(value) => t('keys.chartTop', { value: value.toLocaleString(language) })}
      tick={(value) => compact(value, language)}
      write={({ value, bad = 0 }) => t('keys.chartOne', { count: value, errors: bad })}
      table="behind"
    />
  )
}
