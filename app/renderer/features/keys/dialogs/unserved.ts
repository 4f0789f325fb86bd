import type { Key } from '../../../../shared/contracts/keys.ts'
import { vendorNames } from '../key-words.ts'

/** The services that have a key now and none once these are gone: "OpenAI gpt-4". A disabled key serves nothing. */
export function unserved(going: readonly Key[], all: readonly Key[]): readonly string[] {
  const gone = new Set(going.map(({ id }) => id))
  const serviceOf = ({ vendor, service }: Key) => `${vendorNames[vendor]} ${service}`
  const serves = ({ state }: Key) => state.kind !== 'disabled' && state.kind !== 'expired'
  const left = new Set(all.filter((key) => !gone.has(key.id) && serves(key)).map(serviceOf))
  return [...new Set(going.filter(serves).map(serviceOf))].filter((service) => !left.has(service)).sort()
}
