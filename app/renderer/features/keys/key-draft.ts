import { type Currency, type Key, KeyFacts, type Vendor } from '../../../shared/contracts/keys.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { million } from './key-figures.ts'

/** What stands in the fields of a key's form, as it was typed. */
export interface KeyDraft {
  readonly vendor: Vendor
  readonly service: string
  readonly name: string
  readonly tier: string
  readonly baseUrl: string
  readonly weight: string
  readonly rpm: string
  readonly tpm: string
  readonly concurrency: string
  /** In units of the currency. */
  readonly monthlyBudget: string
  /** The last day on which it is valid, as a date field has it: "2026-12-31". */
  readonly expiresAt: string
  readonly modelMapping: readonly NamePair[]
}
/** A model as callers ask for it, and as the vendor names it. */
export interface NamePair {
  readonly asked: string
  readonly model: string
}
export type DraftField = Exclude<keyof KeyDraft, 'vendor'>
export type TextDraftField = Exclude<DraftField, 'modelMapping'>

export const newDraft = (vendor: Vendor, service: string): KeyDraft => ({
  ...{ vendor, service, name: '', tier: 'primary', baseUrl: '', weight: '1', rpm: '', tpm: '', concurrency: '' },
  ...{ monthlyBudget: '', expiresAt: '', modelMapping: [] },
})

const text = (value: number | null) => (value === null ? '' : String(value))

export const draftOf = (key: Key): KeyDraft => ({
  vendor: key.vendor,
  service: key.service,
  name: key.name,
  tier: key.tier,
  baseUrl: key.baseUrl ?? '',
  weight: String(key.weight),
  rpm: text(key.rpm),
  tpm: text(key.tpm),
  concurrency: text(key.concurrency),
  monthlyBudget: text(key.monthlyBudget === null ? null : key.monthlyBudget / million),
  expiresAt: dateOf(key.expiresAt),
  modelMapping: Object.entries(key.modelMapping).map(([asked, model]) => ({ asked, model })),
})

/** Prices are in the money in which the vendor sends its bills. */
export const currencyOf = (vendor: Vendor): Currency => (vendor === 'aliyun' ? 'CNY' : 'USD')

const wrongWords: Readonly<Record<DraftField, TextKey>> = {
  service: 'keys.wrongWord',
  name: 'keys.wrongName',
  tier: 'keys.wrongWord',
  baseUrl: 'keys.wrongUrl',
  weight: 'keys.wrongWeight',
  rpm: 'keys.wrongLimit',
  tpm: 'keys.wrongLimit',
  concurrency: 'keys.wrongLimit',
  monthlyBudget: 'keys.wrongBudget',
  expiresAt: 'keys.wrongDate',
  modelMapping: 'keys.wrongMapping',
}
export type WrongFields = Partial<Readonly<Record<DraftField, TextKey>>>

/** The facts as the contract takes them, or which fields it would refuse. */
export function readDraft(draft: KeyDraft): { readonly facts: KeyFacts | null; readonly wrong: WrongFields } {
  const budget = numberOf(draft.monthlyBudget)
  const baseUrl = draft.baseUrl.trim()
  const result = KeyFacts.safeParse({
    vendor: draft.vendor,
    service: draft.service,
    name: draft.name,
    tier: draft.tier,
    baseUrl: baseUrl === '' ? null : baseUrl,
    weight: numberOf(draft.weight),
    rpm: numberOf(draft.rpm),
    tpm: numberOf(draft.tpm),
    concurrency: numberOf(draft.concurrency),
    monthlyBudget: budget === null ? null : Math.round(budget * million),
    expiresAt: endOfDay(draft.expiresAt),
    modelMapping: mappingOf(draft.modelMapping),
  })
  if (result.success) return { facts: result.data, wrong: {} }
  const fields = result.error.issues.map(({ path: [field] }) => field as DraftField)
  return { facts: null, wrong: Object.fromEntries(fields.map((field) => [field, wrongWords[field]])) }
}

/** Only what was typed anew: a time that was set to the minute elsewhere is not rounded to a day by a form. */
export function changedFacts(before: KeyDraft, after: KeyDraft, facts: KeyFacts): Partial<Omit<KeyFacts, 'vendor'>> {
  const fields = (Object.keys(wrongWords) as DraftField[]).filter((field) => isEdited(field, before, after))
  return Object.fromEntries(fields.map((field) => [field, facts[field]]))
}

export const isEdited = (field: DraftField, before: KeyDraft, after: KeyDraft): boolean =>
  JSON.stringify(before[field]) !== JSON.stringify(after[field])

/** Lines in which nothing stands are none; a name that stands twice is refused by the schema. */
function mappingOf(pairs: readonly NamePair[]): Readonly<Record<string, string>> | null {
  const filled = pairs
    .map(({ asked, model }) => [asked.trim(), model.trim()] as const)
    .filter((pair) => pair.join('') !== '')
  const mapping = Object.fromEntries(filled)
  return Object.keys(mapping).length === filled.length ? mapping : null
}

/** Whether its secret would go to another server, and has to be given anew; no address is the vendor's own. */
export function movesSecret(before: string | null, after: string | null): boolean {
  const origin = (address: string | null) => address && new URL(address).origin
  return origin(before) !== origin(after)
}

/** "openai-gpt-4", or "openai-gpt-4-2" where that one is taken. */
export function freeName(vendor: Vendor, service: string, keys: Iterable<Key>): string {
  const taken = new Set([...keys].filter((key) => key.vendor === vendor).map(({ name }) => name))
  const wanted = [vendor, service.trim()].filter((part, at, all) => part !== '' && all.indexOf(part) === at).join('-')
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    if (!taken.has(name)) return name
  }
}

/** NaN is refused by the schema; thousands may be set apart. */
function numberOf(typed: string): number | null {
  const bare = typed.replace(/[\s,，_]/g, '')
  return bare === '' ? null : Number(bare)
}

const two = (value: number) => String(value).padStart(2, '0')

/** The operator's day in which the moment lies. */
export function dateOf(time: number | null): string {
  if (time === null) return ''
  const date = new Date(time)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The last millisecond of that day where the operator is; null without one, NaN for what is no date. */
export function endOfDay(typed: string): number | null {
  if (typed === '') return null
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(typed) ?? []
  return new Date(Number(year), Number(month) - 1, Number(day) + 1).getTime() - 1
}

/** As the contract has it: no blanks, only ASCII. What is pasted often has blanks around it; those are taken off before. */
export const isSecret = (typed: string): boolean => /^[\x21-\x7e]{1,4096}$/.test(typed)
