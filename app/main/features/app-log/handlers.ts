import type { appLog } from '../../../shared/contracts/app-log.ts'
import type { Handlers } from '../../../shared/rpc/contract.ts'
import type { AppLog } from '../../lib/log.ts'

export const appLogHandlers = (log: AppLog): Handlers<typeof appLog> => ({
  onLines(emit) {
    emit({ kind: 'snapshot', lines: [...log.recent()] })
    return log.onLine((line) => void emit({ kind: 'lines', lines: [line] }))
  },
})
