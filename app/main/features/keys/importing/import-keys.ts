import { type ImportedKey, importedOff, KeyFacts } from '../../../../shared/contracts/keys.ts'
import { AppError, assertNever } from '../../../../shared/errors.ts'
import type { Asker } from '../../../lib/asker.ts'
import { settled } from '../actions.ts'
import { ApiKey } from '../key-fields.ts'
import type { KeyParts } from '../key-parts.ts'
import { masked } from '../key-vault.ts'
import { type FoundKey, MOST_KEYS, MOST_OWN_KEYS } from './import-types.ts'
import { readCsv } from './read-csv.ts'
import { readEnv } from './read-env.ts'
import { readExport } from './read-export.ts'
import { readOneApi } from './read-one-api.ts'

export interface ImportRequest {
  readonly format: 'env' | 'csv' | 'one-api' | 'pilothouse'
  readonly text: string
  readonly passphrase?: string | undefined
  /** False to be told only what would become of each. */
  readonly apply: boolean
}

/**
 * Takes keys of another program, or of another console, in: all that can be, as one transaction. Fails with
 * KEY_FILE_UNREADABLE, and with KEY_FILE_PASSPHRASE.
 */
export async function importKeys(
  parts: KeyParts,
  request: ImportRequest,
  asker: Asker,
): Promise<{ keys: ImportedKey[] }> {
  const { db, registry, actions, vault } = parts
  await vault.ready
  const found = await read(request)
  const most = request.format === 'pilothouse' ? MOST_OWN_KEYS : MOST_KEYS
  const tooMany = found[most]
  if (tooMany) throw new AppError('KEY_FILE_UNREADABLE', { line: tooMany.line, reason: `more than ${most} keys` })
  const names = new Set(registry.list().map(({ vendor, name }) => `${vendor} ${name}`))
  const secrets = new Map<string, string>()
  const added: string[] = []

  function take(one: FoundKey): ImportedKey {
    const at = `line ${one.line}: `
    if (one.kind === 'unreadable') {
      const { name, vendor, reason } = one
      return { name, vendor, service: '', tier: '', maskedSecret: '', outcome: 'unreadable', reason: at + reason }
    }
    const { vendor, service, tier } = one.facts
    const name = freeName(names, one.facts)
    const told = { name, vendor, service, tier, maskedSecret: masked(one.secret) }
    const fault = faultOf(one)
    if (fault !== null) return { ...told, outcome: 'unreadable', reason: at + fault }
    const fingerprint = vault.fingerprint(one.secret)
    const same = secrets.get(fingerprint) ?? registry.rows.withFingerprint(fingerprint)?.name
    if (same !== undefined) return { ...told, name: one.facts.name, outcome: 'duplicate', reason: same }
    if (request.apply) {
      const id = actions.insert({ ...one.facts, name }, one.secret, asker)
      if (!one.enabled) actions.setDisabled(registry.rows.one(id)!, importedOff, asker)
      added.push(id)
    }
    secrets.set(fingerprint, name)
    names.add(`${vendor} ${name}`)
    return { ...told, outcome: 'added', reason: null }
  }

  const keys = request.apply ? db.transaction(() => found.map(take)) : found.map(take)
  actions.told(added)
  return { keys }
}

async function read({ format, text, passphrase = '' }: ImportRequest): Promise<FoundKey[]> {
  switch (format) {
    case 'env':
      return readEnv(text)
    case 'csv':
      return readCsv(text)
    case 'one-api':
      return readOneApi(text)
    case 'pilothouse':
      return await readExport(text, passphrase)
    default:
      return assertNever(format)
  }
}

/** Why a key cannot be kept as it was read; never its secret. */
function faultOf({ facts, secret }: FoundKey & { kind: 'key' }): string | null {
  const issue = KeyFacts.safeParse(facts).error?.issues[0]
  if (issue) return `${issue.path.join('.')}: ${issue.message}`
  if (!ApiKey.safeParse(secret).success) return 'the key has blanks, or is no ASCII'
  try {
    settled(facts)
    return null
  } catch (error) {
    return error instanceof AppError ? error.message : String(error)
  }
}

/** The name, with a number behind it where the vendor has a key of that name. */
function freeName(taken: ReadonlySet<string>, { vendor, name }: KeyFacts): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name.slice(0, 110)} ${number}`
    if (!taken.has(`${vendor} ${free}`)) return free
  }
}
