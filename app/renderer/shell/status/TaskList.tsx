import { useMemo } from 'react'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { Button } from '../../ui/Button.tsx'
import { percent } from '../../ui/format.ts'
import { Popover } from '../../ui/Popover.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { useTasks } from '../mirror-stores.ts'
import { run } from '../run.ts'
import bar from '../StatusBar.module.css'
import { OneTask } from './OneTask.tsx'
import styles from './Status.module.css'
import { overallShare } from './task-text.ts'

/** Work under way and how earlier work ended; ended entries stay until they are dismissed. */
export function TaskList() {
  const t = useText()
  const locale = useLanguage()
  const { byId } = useTasks()
  const tasks = useMemo(() => [...byId.values()].sort((a, b) => b.startedAt - a.startedAt), [byId])
  const running = tasks.filter(({ state }) => state === 'running')
  const failed = tasks.filter(({ state }) => state === 'failed' || state === 'interrupted')
  const share = overallShare(running)
  return (
    <Popover
      title={t('tasks.title')}
      actions={
        tasks.length > running.length && (
          <Button variant="quiet" onClick={() => void run(rpc.tasks.dismiss({ ids: null }))}>
            {t('tasks.dismissAll')}
          </Button>
        )
      }
      trigger={
        <button type="button" className={bar['item']}>
          {running.length === 0 && failed.length === 0 && t('tasks.title')}
          {running.length > 0 && (
            <>
              {t('tasks.runningCount', { count: running.length })} <StateMark state="busy" />
              {share !== null && <span>{percent(Math.floor(share * 100), locale)}</span>}
            </>
          )}
          {failed.length > 0 && (
            <>
              <StateMark state="fail" /> {t('tasks.failedCount', { count: failed.length })}
            </>
          )}
        </button>
      }
    >
      {tasks.length === 0 && <p className={styles['empty']}>{t('tasks.noneText')}</p>}
      <ul>
        {tasks.map((task) => (
          <OneTask key={task.id} task={task} />
        ))}
      </ul>
    </Popover>
  )
}
