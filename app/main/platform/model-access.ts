import type { Vendor } from '../../shared/contracts/keys.ts'
import { AppError } from '../../shared/errors.ts'
import { configured } from '../features/plugins/calling/build-request.ts'
import type { LoadedPlugin } from '../features/plugins/calling/call-types.ts'

/** Where vendors that are known by name answer as OpenAI does. */
const known: readonly { readonly name: RegExp; readonly vendor: Vendor; readonly base: string }[] = [
  { name: /openai/i, vendor: 'openai', base: 'https://api.openai.com/v1' },
  {
    name: /dashscope|tongyi|aliyun|qwen/i,
    vendor: 'aliyun',
    base: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
  },
]
const keyField = /api_?key|token|secret/i
const baseField = /base_?url|endpoint|api_?base|server/i

/** What a caller gives in place of what is stored. */
export interface GivenAccess {
  readonly apiKey: string | null
  readonly baseUrl: string | null
}
export interface Access {
  /** One that is known by name counts as itself at its own address only. */
  readonly vendor: Vendor
  readonly base: string
  /** Null for a server that wants none. */
  readonly key: string | null
}
/** Where the models of a plugin are, and what opens them. Fails where there is no address, or no key that it needs. */
export function accessOf(plugin: LoadedPlugin, given: GivenAccess): Access {
  // A stored key goes to the stored address: whoever may ask for models may not send it elsewhere.
  if (given.baseUrl !== null && given.apiKey === null) throw new AppError('ARGUMENT_MISSING', { names: 'api_key' })
  const key = given.apiKey ?? stored(plugin, keyField)
  if (key !== null && !/^[\x21-\x7e]+$/.test(key)) {
    throw new AppError('ARGUMENT_INVALID', { name: 'api_key', reason: 'a key has no blanks and only ASCII characters' })
  }
  const { provider, id } = plugin.definition
  const maker = known.find(({ name }) => name.test(`${provider} ${id}`))
  const base = given.baseUrl ?? stored(plugin, baseField) ?? maker?.base ?? null
  if (base === null) throw new AppError('ARGUMENT_MISSING', { names: 'base_url' })
  if (key === null && plugin.locked) throw new AppError('KEY_VAULT_LOCKED')
  if (key === null && (maker?.base === base || plugin.definition.configuration.some(isRequiredKey)))
    throw new AppError('PLUGIN_NOT_CONFIGURED', { name: plugin.name, fields: 'api_key' })
  const address = baseOf(base)
  return { vendor: address === maker?.base ? maker.vendor : 'openai-compatible', base: address, key }
}
const isRequiredKey = ({ name, required }: { readonly name: string; readonly required: boolean }) =>
  required && keyField.test(name)

/** The value of the first field with such a name; one that speaks of a key before one that speaks of a token. */
function stored(plugin: LoadedPlugin, pattern: RegExp): string | null {
  const declared = plugin.definition.configuration.map(({ name }) => name)
  const names = [...new Set([...declared, ...Object.keys(plugin.configuration)])].filter((name) => pattern.test(name))
  const values = names
    .sort((a, b) => Number(/key/i.test(b)) - Number(/key/i.test(a)))
    .map((name) => configured(plugin, name))
  return values.find((value) => value !== '') ?? null
}

/** Without a slash at its end; an address of a host alone means its first version. */
function baseOf(text: string): string {
  if (!URL.canParse(text)) throw new AppError('ARGUMENT_INVALID', { name: 'base_url', reason: 'it is no address' })
  const { origin, pathname, protocol } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new AppError('ARGUMENT_INVALID', { name: 'base_url', reason: 'it begins with http:// or https://' })
  const path = pathname.replace(/\/+$/, '')
  return `${origin}${path === '' ? '/v1' : path}`
}
