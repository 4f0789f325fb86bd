import { type Scopes, Token, type TokenFacts } from '../../../../shared/contracts/gateway.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import { dateOf, endOfDay } from '../key-draft.ts'
import { type ScopeKind, scopeKinds } from './token-rules.ts'

export interface ScopeDraft {
  readonly kind: 'all' | 'some' | 'none'
  /** Only of `some`. */
  readonly names: readonly string[]
}
/** What stands in the form of a token, as it was typed. */
export interface TokenDraft {
  readonly name: string
  readonly scopes: Readonly<Record<ScopeKind, ScopeDraft>>
  readonly rpm: string
  readonly tpm: string
  readonly expiresAt: string
}
export type TokenField = 'name' | 'rpm' | 'tpm' | 'expiresAt' | ScopeKind

const all: ScopeDraft = { kind: 'all', names: [] }
export const newTokenDraft: TokenDraft = {
  name: '',
  scopes: { features: all, models: all, plugins: all },
  rpm: '',
  tpm: '',
  expiresAt: '',
}

const scopeOf = (names: readonly string[] | null): ScopeDraft =>
  names === null ? all : { kind: names.length === 0 ? 'none' : 'some', names }

export const tokenDraftOf = ({ name, scopes, rpm, tpm, expiresAt }: Token): TokenDraft => ({
  name,
  scopes: {
    features: scopeOf(scopes.features),
    models: scopeOf(scopes.models),
    plugins: scopeOf(scopes.plugins),
  },
  rpm: rpm === null ? '' : String(rpm),
  tpm: tpm === null ? '' : String(tpm),
  expiresAt: dateOf(expiresAt),
})

const Facts = Token.pick({ name: true, scopes: true, rpm: true, tpm: true, expiresAt: true })
const wrongWords: Readonly<Record<Exclude<TokenField, ScopeKind>, TextKey>> = {
  name: 'keys.nameMissing',
  rpm: 'keys.wrongLimit',
  tpm: 'keys.wrongLimit',
  expiresAt: 'keys.wrongDate',
}

/** The facts as the contract takes them, or which fields it would refuse. */
export function readTokenDraft(draft: TokenDraft): {
  readonly facts: TokenFacts | null
  readonly wrong: Partial<Readonly<Record<TokenField, TextKey>>>
} {
  const wrong: Partial<Record<TokenField, TextKey>> = {}
  const scopes: Scopes = { features: null, models: null, plugins: null }
  for (const kind of scopeKinds) {
    const { kind: choice, names } = draft.scopes[kind]
    if (choice !== 'all') scopes[kind] = choice === 'some' ? [...names] : []
    if (choice === 'some' && names.length === 0) wrong[kind] = 'keys.scopeWrong'
  }
  const result = Facts.safeParse({
    name: draft.name,
    scopes,
    rpm: numberOf(draft.rpm),
    tpm: numberOf(draft.tpm),
    expiresAt: endOfDay(draft.expiresAt),
  })
  for (const { path } of result.error?.issues ?? []) {
    const [field, kind] = path as [keyof typeof wrongWords | 'scopes', ScopeKind]
    if (field === 'scopes') wrong[kind] = 'keys.scopeWrong'
    else wrong[field] = wrongWords[field]
  }
  const facts = result.success && Object.keys(wrong).length === 0 ? result.data : null
  return { facts, wrong }
}

function numberOf(typed: string): number | null {
  const bare = typed.replace(/[\s,，_]/g, '')
  return bare === '' ? null : Number(bare)
}
