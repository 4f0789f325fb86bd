import type { UsableKey } from './gateway-messages.ts'

type Secrets = Pick<UsableKey, 'id' | 'secret' | 'former'>

/**
 * In which order the secrets of a key are tried. After a rotation that the vendor refuses, its former secret comes first
 * while it still works: otherwise every call would be refused once before it is answered.
 */
export function createSecretOrder(clock: () => number) {
  /** By the key's id: the new secret that was refused where the former one was not. */
  const refused = new Map<string, string>()

  return {
    of({ id, secret, former }: Secrets): readonly string[] {
      if (former === null || former.until <= clock()) return [secret]
      return refused.get(id) === secret ? [former.secret, secret] : [secret, former.secret]
    },
    /** One was taken after all before it in the order were refused. */
    taken({ id, secret }: Secrets, worked: string): void {
      if (worked === secret) refused.delete(id)
      else refused.set(id, secret)
    },
    forget(ids: Iterable<string>): void {
      for (const id of ids) refused.delete(id)
    },
  }
}
export type SecretOrder = ReturnType<typeof createSecretOrder>

/** The sandbox's own is no secret, and a word that stands in sentences. */
const PUBLIC = 'sandbox'
/** All of a key that may be repeated to nobody. */
export const secretsOf = ({ secret, former }: Pick<Secrets, 'secret' | 'former'>): readonly string[] =>
  [secret, ...(former ? [former.secret] : [])].filter((one) => one !== PUBLIC)
