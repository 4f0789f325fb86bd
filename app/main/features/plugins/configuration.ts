import type { ConfigurationField } from '../../../shared/contracts/plugins.ts'
import { AppError } from '../../../shared/errors.ts'
import type { DataKey } from '../../lib/data-key.ts'
import type { Sealer } from '../../lib/sealing.ts'
import { masked } from './masks.ts'
import type { StoredValue } from './plugin-rows.ts'
import type { Field, VersionFacts } from './version-facts.ts'

/** The values of one plugin as they lie in the store, by field. */
export type StoredValues = ReadonlyMap<string, StoredValue>
/** Null while it is not there yet, or cannot be had at all: then, and while it is locked, secrets count as missing. */
export type Key = DataKey | null

export const secretName = (pluginId: string, field: string) => `plugin/${pluginId}/${field}`
export const tokensName = (pluginId: string) => secretName(pluginId, 'tokens')

/** A stored value in clear; null where there is none or where this key does not open it. */
function clear(key: Key, pluginId: string, field: string, values: StoredValues): string | null {
  const stored = values.get(field)
  if (!stored) return null
  return stored.sealed ? opened(key, secretName(pluginId, field), stored.value) : stored.value
}

export function opened(key: Sealer | null, name: string, sealed: string): string | null {
  try {
    return key?.open(name, sealed) ?? null
  } catch {
    return null
  }
}

/** What a call is made with: every field that has a value, defaults among them, secrets in clear. */
export function clearValues(key: Key, id: string, facts: VersionFacts, values: StoredValues): Record<string, string> {
  const filled: Record<string, string> = {}
  for (const { name, default: preset } of facts.configuration) {
    const value = clear(key, id, name, values) ?? preset
    if (value !== null && value !== '') filled[name] = value
  }
  return filled
}

/** Names of required fields that neither the operator nor the package gave a value. */
export function missingFields(key: Key, id: string, facts: VersionFacts, values: StoredValues): string[] {
  const given = clearValues(key, id, facts, values)
  return facts.configuration
    .filter(({ name, required }) => required && given[name] === undefined && facts.provided[name] === undefined)
    .map(({ name }) => name)
}

/** The form with its values; a secret is shown as its mask. */
export function shownFields(key: Key, id: string, facts: VersionFacts, values: StoredValues): ConfigurationField[] {
  return facts.configuration.map((field) => {
    const value = clear(key, id, field.name, values)
    if (field.kind !== 'secret') return { ...field, value }
    return { ...field, value: value === null ? (facts.provided[field.name] ?? null) : masked(value) }
  })
}

/**
 * What a filled-in form changes: by field its new value in clear, or null for a cleared one. A mask that comes back
 * changes nothing. Fails with ARGUMENT_INVALID for a value that its field does not take.
 */
export function changesOf(
  key: Key,
  id: string,
  facts: VersionFacts,
  values: StoredValues,
  wanted: Readonly<Record<string, string>>,
): ReadonlyMap<string, string | null> {
  const shown = new Map(shownFields(key, id, facts, values).map((field) => [field.name, field]))
  const changes = new Map<string, string | null>()
  for (const [name, value] of Object.entries(wanted)) {
    const field = shown.get(name)
    if (!field) throw new AppError('ARGUMENT_INVALID', { name, reason: 'there is no such field' })
    const before = clear(key, id, name, values)
    if (value === '') {
      if (values.has(name)) changes.set(name, null)
    } else if (field.kind === 'secret' && value === field.value) {
      // A mask that was shown: what it stands for stays.
    } else if (value !== before) {
      const reason = fault(field, value)
      if (reason !== null) throw new AppError('ARGUMENT_INVALID', { name, reason })
      changes.set(name, value)
    }
  }
  return changes
}

/** Why a field does not take a value; it never repeats the value, which may be a secret. */
function fault(field: Field, value: string): string | null {
  if (field.maxLength !== null && value.length > field.maxLength)
    return `it is longer than ${field.maxLength} characters`
  switch (field.kind) {
    case 'url':
      return isWebAddress(value) ? null : 'an address with http or https is expected'
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? null : 'a number is expected'
    case 'boolean':
      return value === 'true' || value === 'false' ? null : 'true or false is expected'
    case 'select':
      return field.options.some((option) => option.value === value) ? null : 'it is not one of the choices'
    case 'secret':
    case 'text':
      return null
  }
}

function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
}
