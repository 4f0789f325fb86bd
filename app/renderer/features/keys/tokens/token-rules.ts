import type { Scopes, Token } from '../../../../shared/contracts/gateway.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import type { Translate } from '../../../i18n/language.ts'
import type { Mark } from '../../../ui/StateMark.tsx'

export type TokenState = 'active' | 'expired' | 'revoked'

export function stateOf({ revokedAt, expiresAt }: Pick<Token, 'revokedAt' | 'expiresAt'>, now: number): TokenState {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active'
}
export const tokenMarks: Readonly<Record<TokenState, Mark>> = { active: 'ok', expired: 'stopped', revoked: 'stopped' }
export const tokenWords: Readonly<Record<TokenState, TextKey>> = {
  active: 'keys.tokenActive',
  expired: 'keys.tokenExpired',
  revoked: 'keys.tokenRevoked',
}

export const scopeKinds = ['features', 'models', 'plugins'] as const
export type ScopeKind = (typeof scopeKinds)[number]
export const scopeWords: Readonly<Record<ScopeKind, TextKey>> = {
  features: 'keys.scopeFeatures',
  models: 'keys.scopeModels',
  plugins: 'keys.scopePlugins',
}

/** "everything", or what each narrowed scope opens. */
export function scopeSentence(scopes: Scopes, t: Translate): string {
  const narrowed = scopeKinds.flatMap((kind) => {
    const names = scopes[kind]
    if (names === null) return []
    return [
      t('keys.scopeWords', {
        what: t(scopeWords[kind]),
        names: names.length === 0 ? t('keys.opensNothing') : names.join(', '),
      }),
    ]
  })
  return narrowed.length === 0 ? t('keys.opensAll') : narrowed.join(' · ')
}

export function limitSentence({ rpm, tpm }: Pick<Token, 'rpm' | 'tpm'>, t: Translate): string {
  const limits = [
    rpm !== null && t('keys.rpmShort', { count: rpm }),
    tpm !== null && t('keys.tpmShort', { count: tpm }),
  ]
  return limits.filter(Boolean).join(' · ')
}

/** Those that can be used first, the newest before older ones. */
export const compareTokens =
  (now: number) =>
  (a: Token, b: Token): number =>
    (stateOf(a, now) === 'active' ? 0 : 1) - (stateOf(b, now) === 'active' ? 0 : 1) || b.createdAt - a.createdAt
