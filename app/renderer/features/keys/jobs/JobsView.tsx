import { ArrowUp, FilterX, ImagePlay } from 'lucide-react'
import { type UIEvent, useMemo, useRef, useState } from 'react'
import { useLocation, useRoute } from 'wouter'
import { type JobRow, JobState } from '../../../../shared/contracts/gateway.ts'
import { useText } from '../../../i18n/language.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Select } from '../../../ui/Select.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { SplitView } from '../../../ui/SplitView.tsx'
import { Table } from '../../../ui/Table.tsx'
import { Toolbar, ToolbarChoice } from '../../../ui/Toolbar.tsx'
import { jobPath, unpacked } from '../key-address.ts'
import { JobDrawer } from './JobDrawer.tsx'
import styles from './Jobs.module.css'
import { jobColumns } from './job-columns.tsx'
import { jobFilterWords } from './job-words.ts'
import { useJobsView } from './jobs-view.ts'
import { useJobs } from './use-jobs.ts'

/** An alias, not an interface: only an alias counts as a map of parameters. */
type Address = { readonly id?: string }
const keyOf = ({ id }: JobRow) => id

/** Long jobs of vendors, the newest first and live, with the drawer of one. */
export function JobsView() {
  const t = useText()
  const [, navigate] = useLocation()
  const [, params] = useRoute<Address>('/keys/jobs/:id?')
  const openId = params?.id === undefined ? null : unpacked(params.id)
  const { state } = useJobsView()
  const [atTop, setAtTop] = useState(true)
  const scroller = useRef<HTMLElement | null>(null)
  const { shown, error, total, more, showMore, showNewer } = useJobs(
    state,
    (rows) => !atTop || rows.some(({ id }) => id === openId),
  )
  const left = shown?.left
  const columns = useMemo(() => jobColumns(left ?? new Set(), t), [left, t])

  const scrolled = ({ target }: UIEvent) => {
    scroller.current = target as HTMLElement
    const { scrollTop, scrollHeight, clientHeight } = scroller.current
    setAtTop(scrollTop < 8)
    if (more && scrollHeight - scrollTop - clientHeight < 200) showMore()
  }
  const toTop = () => {
    scroller.current?.scrollTo({ top: 0 })
    showNewer()
  }
  const filter = (next: string) => {
    setAtTop(true)
    useJobsView.setState({ state: JobState.options.find((one) => one === next) ?? null })
  }
  return (
    <SplitView drawer={openId !== null && <JobDrawer key={openId} id={openId} />}>
      <Toolbar
        end={
          shown !== null &&
          shown.newer > 0 && (
            <Button variant="quiet" icon={ArrowUp} onClick={toTop}>
              {t('keys.jobsNewer', { count: shown.newer })}
            </Button>
          )
        }
      >
        <ToolbarChoice>
          <Select
            label={t('keys.stateFilter')}
            hideLabel
            value={state ?? ''}
            options={[
              { value: '', label: t('keys.allStates') },
              ...JobState.options.map((value) => ({ value, label: t(jobFilterWords[value]) })),
            ]}
            onChange={filter}
          />
        </ToolbarChoice>
      </Toolbar>
      {error !== null && <Failed error={error} />}
      {error === null && shown === null && <SkeletonRows />}
      {error === null && shown !== null && (
        <>
          <div className={styles['list']} onScrollCapture={scrolled}>
            <Table
              key={state}
              label={t('keys.jobs')}
              rows={shown.rows}
              columns={columns}
              rowKey={keyOf}
              active={openId}
              onOpen={({ id }) => navigate(jobPath(id))}
              empty={<NoJobs state={state} onClear={() => filter('')} />}
            />
          </div>
          {shown.rows.length > 0 && (
            <div className={styles['foot']}>
              {shown.rows.length === total
                ? t('keys.jobsCount', { count: total })
                : t('keys.jobsShown', { shown: shown.rows.length, count: total })}
              {more && (
                <Button variant="quiet" onClick={showMore}>
                  {t('keys.jobsMore')}
                </Button>
              )}
            </div>
          )}
        </>
      )}
    </SplitView>
  )
}

function NoJobs({ state, onClear }: { readonly state: JobState | null; readonly onClear: () => void }) {
  const t = useText()
  if (state === null) {
    return (
      <EmptyState icon={ImagePlay} title={t('keys.jobsEmpty')}>
        {t('keys.jobsEmptyText')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={FilterX}
      title={t('keys.jobsNone', { state: t(jobFilterWords[state]) })}
      action={<Button onClick={onClear}>{t('keys.clearFilter')}</Button>}
    />
  )
}
