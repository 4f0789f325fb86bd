import type { Translation } from '../catalogue.ts'
import type { terminal as en } from '../en/terminal.ts'

export const terminal: Translation<typeof en> = {}
