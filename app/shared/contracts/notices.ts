import { z } from 'zod'
import { ErrorDetails } from '../errors.ts'
import { call, event } from '../rpc/contract.ts'

/** Something the operator should know that no call is waiting for. Stays until dismissed. `code`: see `noticeTexts`. */
export const Notice = z.object({
  id: z.string(),
  severity: z.enum(['info', 'warn', 'fail']),
  code: z.enum([
    'DOCKER_IS_ROOT',
    'STORE_RESTORED',
    'STORE_STARTED_EMPTY',
    'BACKUP_FAILED',
    'DISK_FULL',
    'ACTION_INTERRUPTED',
    'PLUGIN_FILES_LOST',
    'KEY_EXPIRES',
    'KEY_EXPIRED',
    'KEY_TEST_FAILED',
    'KEY_MODELS_ADDED',
    'KEY_MODELS_GONE',
    'KEY_MODELS_RETIRING',
    'KEY_MODELS_END_SOON',
    'KEY_MODELS_ENDED',
    'KEY_BALANCE_LOW',
    'LOG_NOT_WRITTEN',
    'AUDIT_BROKEN',
  ]),
  details: ErrorDetails,
  at: z.number(),
})
export type Notice = z.infer<typeof Notice>
export type NoticeCode = Notice['code']

export const notices = {
  calls: { dismiss: call({ input: z.object({ id: z.string() }) }) },
  /** Few: every update is the whole list, newest first. */
  events: { updates: event(z.object({ notices: z.array(Notice) })) },
}
