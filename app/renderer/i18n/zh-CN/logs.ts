import type { Translation } from '../catalogue.ts'
import type { logs as en } from '../en/logs.ts'

export const logs: Translation<typeof en> = {}
