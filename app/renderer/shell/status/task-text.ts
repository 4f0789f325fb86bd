import type { Task, TaskItem, TaskTitle } from '../../../shared/contracts/tasks.ts'
import { assertNever } from '../../../shared/errors.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { en } from '../../i18n/en.ts'
import type { Translate } from '../../i18n/language.ts'
import type { Mark } from '../../ui/StateMark.tsx'

/** A task's title in the operator's language: "Restart db", "Remove 3 images". */
export function titleOf(title: TaskTitle, t: Translate): string {
  switch (title.kind) {
    case 'serviceAction': {
      const { action, count, first } = title
      // An action that this page does not know yet still names itself.
      const known = Object.hasOwn(en.tasks, action) ? (`tasks.${action}` as TextKey) : null
      return known ? t(known, { count, name: first }) : `${action} ${first}`
    }
    case 'removeImages':
      return t('tasks.removeImages', { count: title.count, name: title.first })
    case 'exportLogs':
    case 'importPackage':
    case 'testPlugin':
    case 'replayCalls':
      return t(`tasks.${title.kind}`, { name: title.name })
    case 'pluginBackup':
    case 'restorePlugins':
    case 'backup':
    case 'supportBundle':
      return t(`tasks.${title.kind}`)
    default:
      return assertNever(title)
  }
}

/** From 0 to 1; null where nobody knows how much there is. */
export const shareOf = ({ done, total }: Pick<Task, 'done' | 'total'>): number | null =>
  total === null || total === 0 ? null : Math.min(1, done / total)

/** All running tasks as one number: the mean of those that know their size. */
export function overallShare(tasks: readonly Task[]): number | null {
  const shares = tasks.map(shareOf).filter((share) => share !== null)
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length
}

export const taskMarks: Record<Task['state'], Mark> = {
  running: 'busy',
  done: 'ok',
  failed: 'fail',
  cancelled: 'stopped',
  interrupted: 'warn',
}

export const itemMarks: Record<TaskItem['state'], Mark> = {
  waiting: 'unknown',
  running: 'busy',
  done: 'ok',
  failed: 'fail',
  skipped: 'stopped',
}
