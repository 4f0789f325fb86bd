import { ChartColumn, Download, RefreshCw } from 'lucide-react'
import { useMemo } from 'react'
import type { UsageRow } from '../../../../shared/contracts/gateway.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Chart } from '../../../ui/Chart.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { compact, percent } from '../../../ui/format.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { Select } from '../../../ui/Select.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { Table } from '../../../ui/Table.tsx'
import { Toolbar } from '../../../ui/Toolbar.tsx'
import styles from './Usage.module.css'
import { usageColumns } from './usage-columns.tsx'
import { saveText, usageCsv } from './usage-csv.ts'
import { type By, filled, groupings, type Range, ranges, stepOf, totalOf, useUsageView } from './usage-view.ts'
import { costWord, stepWord } from './usage-words.ts'
import { type UsageAnswer, useUsage } from './use-usage.ts'

const keyOf = ({ group }: UsageRow) => group

/** What went through the gateway in a range of time: a chart over it, its sums, and rows by what one asks for. */
export function UsageView() {
  const t = useText()
  const { range, by } = useUsageView()
  const { answer, error, busy, refresh } = useUsage(range, by)
  const save = () => {
    if (!answer) return
    const day = new Date(answer.span.to - 1).toISOString().slice(0, 10)
    saveText(`usage-${answer.by}-${answer.range}-${day}.csv`, usageCsv(answer.rows, answer.by))
  }
  return (
    <>
      <Toolbar
        end={
          <>
            <IconButton icon={RefreshCw} label={t('keys.refresh')} disabled={busy} onClick={refresh} />
            <Button icon={Download} disabled={!answer || answer.rows.length === 0} onClick={save}>
              {t('keys.csv')}
            </Button>
          </>
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
      </Toolbar>
      {error !== null ? <Failed error={error} /> : answer ? <Answer answer={answer} /> : <SkeletonRows />}
    </>
  )
}

function Answer({ answer }: { readonly answer: UsageAnswer }) {
  const t = useText()
  const language = useLanguage()
  const sort = useUsageView((state) => state.sort)
  const { rows, by } = answer
  const most = useMemo(() => Math.max(0, ...rows.map(({ requests }) => requests)), [rows])
  const columns = useMemo(() => usageColumns(by, most, t, language), [by, most, t, language])
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
        rows={rows}
        columns={columns}
        rowKey={keyOf}
        sort={sort ?? standard}
        onSort={(next) => useUsageView.setState({ sort: next })}
      />
    </>
  )
}

function Sums({ rows }: { readonly rows: readonly UsageRow[] }) {
  const t = useText()
  const language = useLanguage()
  const { requests, errors, tokens, images, cost } = totalOf(rows)
  const number = (value: number) => value.toLocaleString(language)
  const figures = [
    [t('keys.requests'), number(requests)],
    [t('keys.errorShare'), requests === 0 ? '–' : percent((errors / requests) * 100, language)],
    [t('keys.tokensUsed'), number(tokens)],
    [t('keys.images'), number(images)],
    [t('keys.cost'), costWord(cost, language) || '–'],
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
