import type { Translation } from '../catalogue.ts'
import type { overview as en } from '../en/overview.ts'

export const overview: Translation<typeof en> = {}
