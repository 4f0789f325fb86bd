import { CircleStop, Undo2, X } from 'lucide-react'
import { useState } from 'react'
import type { Failure, Task } from '../../../shared/contracts/tasks.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { bytes } from '../../ui/format.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { run } from '../run.ts'
import { toast } from '../toasts.ts'
import styles from './Status.module.css'
import { itemMarks, shareOf, taskMarks, titleOf } from './task-text.ts'

/** Above this many items only the failed ones are worth a line. */
const listed = 200

export function OneTask({ task }: { readonly task: Task }) {
  const t = useText()
  const { id, state, endedAt, undo, items } = task
  const title = titleOf(task.title, t)
  const [open, setOpen] = useState(false)
  return (
    <li className={styles['entry']}>
      <span className={styles['mark']}>
        <StateMark state={taskMarks[state]} />
      </span>
      <p className={styles['text']}>{title}</p>
      <span className={styles['buttons']}>
        {undo.length > 0 && state !== 'running' && (
          <IconButton
            icon={Undo2}
            label={`${t('common.undo')}: ${title}`}
            onClick={() => void takeBack(task, t('tasks.undone', { title }))}
          />
        )}
        {state === 'running' && task.cancellable && (
          <IconButton
            icon={CircleStop}
            label={t('tasks.cancel', { title })}
            onClick={() => void run(rpc.tasks.cancel({ id }))}
          />
        )}
        {state !== 'running' && (
          <IconButton
            icon={X}
            label={t('tasks.dismiss', { title })}
            onClick={() => void run(rpc.tasks.dismiss({ ids: [id] }))}
          />
        )}
      </span>
      <div className={styles['more']}>
        <div className={styles['line']}>
          {state === 'running' ? <Running task={task} title={title} /> : <span>{t(`tasks.${state}`)}</span>}
          {endedAt !== null && <RelativeTime time={endedAt} />}
          {items.length > 1 && (
            <button type="button" className={styles['fold']} aria-expanded={open} onClick={() => setOpen(!open)}>
              {t('tasks.items', { count: items.length })}
            </button>
          )}
        </div>
        {task.failure && <FailureLine failure={task.failure} />}
        {open && <Items task={task} />}
      </div>
    </li>
  )
}

/** The undo of a task, in as few requests as it has different actions. */
async function takeBack({ undo, id }: Task, text: string): Promise<void> {
  const byAction = Map.groupBy(undo, ({ action }) => JSON.stringify(action))
  const work = [...byAction.values()].map((same) =>
    rpc.services.act({ ids: same.map((one) => one.id), action: same[0]!.action }),
  )
  if ((await run(Promise.all(work))) === undefined) return
  toast({ text })
  await run(rpc.tasks.dismiss({ ids: [id] }))
}

function Running({ task, title }: { readonly task: Task; readonly title: string }) {
  const t = useText()
  const locale = useLanguage()
  const { done, total, unit } = task
  const write = (value: number) => (unit === 'bytes' ? bytes(value, locale) : value)
  return (
    <>
      <span className={styles['bar']}>
        <Progress value={shareOf(task)} label={title} />
      </span>
      <span>{total === null ? write(done) : t('tasks.progress', { done: write(done), total: write(total) })}</span>
    </>
  )
}

function Items({ task }: { readonly task: Task }) {
  const t = useText()
  const shown = task.items.length > listed ? task.items.filter(({ state }) => state === 'failed') : task.items
  return (
    <ul className={styles['items']}>
      {shown.slice(0, listed).map((item) => (
        <li key={item.id}>
          <StateMark state={itemMarks[item.state]} label={t(`tasks.item_${item.state}`)} />
          <span>
            {item.label}
            {item.failure && <FailureLine failure={item.failure} />}
          </span>
        </li>
      ))}
    </ul>
  )
}

function FailureLine({ failure }: { readonly failure: Failure }) {
  const t = useText()
  const code = knownCode(failure.code)
  const { sentence, advice } = describeError(code, failure.details, useLanguage())
  return (
    <div className={styles['failure']}>
      {sentence} {advice} <code>{failure.code}</code>{' '}
      <CopyButton
        text={`${failure.code}\n${sentence}\n${JSON.stringify(failure.details)}`}
        label={t('common.copyDetails')}
      />
    </div>
  )
}
