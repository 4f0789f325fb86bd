import type { KeyFacts, Vendor } from '../../../../shared/contracts/keys.ts'

/** Keys, or lines, that a file of another program may hold. */
export const MOST_KEYS = 1000
/** The same of a file that a console saved: whatever can be exported comes back. */
export const MOST_OWN_KEYS = 100_000

/** One key of another program's file. */
export type FoundKey =
  | {
      readonly kind: 'key'
      readonly line: number
      readonly facts: KeyFacts
      readonly secret: string
      readonly enabled: boolean
    }
  | {
      readonly kind: 'unreadable'
      readonly line: number
      readonly name: string
      readonly vendor: Vendor | null
      readonly reason: string
    }

/** What every key has unless its file says otherwise. */
export const usual = {
  ...{ tier: 'primary', baseUrl: null, weight: 1, rpm: null, tpm: null, concurrency: null },
  ...{ monthlyBudget: null, expiresAt: null, modelMapping: {} },
} as const

/** What cannot be in a key's name as a blank. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\ufffd]+/gu, ' ')
/** A name that a key can have. */
export const nameOf = (text: string): string => plain(text).trim().slice(0, 100) || 'Imported'
