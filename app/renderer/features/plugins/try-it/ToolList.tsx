import { FilterX, Wrench } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import type { ToolSummary } from '../../../../shared/contracts/plugin-calls.ts'
import type { Plugin } from '../../../../shared/contracts/plugins.ts'
import type { SpokenLanguage } from '../../../../shared/errors.ts'
import { type Translate, useLanguage, useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { SearchField } from '../../../ui/SearchField.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { Table } from '../../../ui/Table.tsx'
import type { Column } from '../../../ui/table/table-types.ts'
import { pluginPath } from '../plugin-address.ts'
import styles from './TryIt.module.css'
import { disabledReason, filterTools } from './tool-filter.ts'

const keyOf = ({ operationId }: ToolSummary) => operationId

export function ToolList({
  plugin,
  tools,
  operation,
  open,
}: {
  readonly plugin: Plugin
  readonly tools: readonly ToolSummary[]
  readonly operation: string | null
  readonly open: (operation: string) => void
}) {
  const t = useText()
  const language = useLanguage()
  const [text, setText] = useState('')
  const rows = useMemo(() => filterTools(tools, text), [tools, text])
  const beside = operation !== null
  const columns = useMemo(() => columnsIn(plugin.id, beside, t, language), [plugin.id, beside, t, language])
  const openTool = useCallback((tool: ToolSummary) => open(tool.operationId), [open])
  const count = rows.length === tools.length ? 'tryIt.count' : 'tryIt.countOf'
  return (
    <>
      <div className={styles['filter']}>
        <SearchField label={t('tryIt.filter')} value={text} onChange={setText} />
        <p className={styles['quiet']} role="status">
          {t(count, { count: tools.length, shown: rows.length })}
          {plugin.toolCount > tools.length &&
            ` · ${t('tryIt.firstOnly', { count: tools.length, all: plugin.toolCount })}`}
        </p>
      </div>
      <Table
        label={t('tryIt.tools')}
        rows={rows}
        columns={columns}
        rowKey={keyOf}
        active={operation}
        onOpen={openTool}
        empty={
          tools.length === 0 ? (
            <EmptyState icon={Wrench} title={t('tryIt.none')}>
              {t('tryIt.noneText')}
            </EmptyState>
          ) : (
            <EmptyState
              icon={FilterX}
              title={t('tryIt.filteredOut')}
              action={<Button onClick={() => setText('')}>{t('common.clear')}</Button>}
            >
              {t('tryIt.filteredOutText', { count: tools.length })}
            </EmptyState>
          )
        }
      />
    </>
  )
}

function columnsIn(
  id: string,
  beside: boolean,
  t: Translate,
  language: SpokenLanguage,
): readonly Column<ToolSummary>[] {
  const method: Column<ToolSummary> = {
    key: 'method',
    header: t('tryIt.method'),
    width: 72,
    cell: (tool) => <code className={styles['method']}>{tool.method}</code>,
  }
  const name: Column<ToolSummary> = {
    key: 'tool',
    header: t('tryIt.tool'),
    cell: (tool) => (
      <span className={styles['toolName']} title={`${tool.operationId}\n${tool.summary}`}>
        {tool.disabled !== null && <StateMark state="warn" label={t('tryIt.disabled')} />}
        <code>{tool.operationId}</code>
      </span>
    ),
  }
  if (beside) return [method, name]
  const about: Column<ToolSummary> = {
    key: 'about',
    header: t('tryIt.about'),
    priority: 1,
    cell: (tool, current) =>
      tool.disabled === null ? (
        <span title={tool.summary}>{tool.summary}</span>
      ) : (
        <span className={styles['reason']}>
          <span title={`${tool.disabled} ${tool.summary}`}>{disabledReason(tool, language)}</span>{' '}
          <a href={`#${pluginPath(id, 'findings')}`} tabIndex={current ? 0 : -1}>
            {t('tryIt.showFindings')}
          </a>
        </span>
      ),
  }
  return [method, name, about]
}
