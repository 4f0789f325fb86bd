import { type FoundKey, nameOf, usual } from './import-types.ts'
import { vendorsByWord } from './known-vendors.ts'

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]{0,127})\s*=\s*(.{0,8192})$/
const MOST_CHARACTERS = 10_000
const keyVariable = /^([A-Z0-9_]{1,60}?)_API_KEY(?:_?(\w{1,20}))?$/
/** After its name: several in one, the file that it stands in, or something that is no key at all. */
const noKey = /^(?:S|LIST|FILE|PATH|URL|NAME|ENV|ID|HEADER|PREFIX|COMMAND|CMD|HELPER)$/
const addressVariable = /^([A-Z0-9_]{1,60}?)_(?:BASE_URL|API_BASE)$/

/** Keys of a `.env` file: NAME_API_KEY for every known vendor, for others beside NAME_BASE_URL. The rest is left alone. */
export function readEnv(text: string): FoundKey[] {
  const variables = text.split(/\r?\n/).flatMap((line, i) => {
    // A line that is longer holds no key, and takes long to look through.
    const [, name = '', value = ''] = (line.length <= MOST_CHARACTERS && assignment.exec(line)) || []
    return name === '' ? [] : [{ line: i + 1, name: name.toUpperCase(), value: unquoted(value) }]
  })
  const addresses = new Map(
    variables.flatMap(({ name, value }) => {
      const word = addressVariable.exec(name)?.[1]
      return word === undefined || value === '' ? [] : [[word, value] as const]
    }),
  )
  return variables.flatMap(({ line, name, value }): FoundKey[] => {
    const [, word, more] = keyVariable.exec(name) ?? []
    // A variable that is there to be filled in is no key.
    if (word === undefined || value === '') return []
    if (more !== undefined && noKey.test(more)) {
      return [{ kind: 'unreadable', line, name, vendor: null, reason: `${name} does not hold one key` }]
    }
    const known = vendorsByWord.get(word)
    const baseUrl = addresses.get(word) ?? known?.baseUrl ?? null
    if (!known && baseUrl === null) {
      const reason = `${word} is no known vendor; ${word}_BASE_URL would say where it answers`
      return [{ kind: 'unreadable', line, name, vendor: null, reason }]
    }
    const label = known?.label ?? word.toLowerCase()
    const facts = {
      ...{ ...usual, vendor: known?.vendor ?? ('openai-compatible' as const), baseUrl },
      ...{ service: known?.service ?? word.toLowerCase(), name: nameOf(more ? `${label} ${more}` : label) },
    }
    return [{ kind: 'key', line, facts, secret: value, enabled: true }]
  })
}

/** Without quotes, and without the comment that may follow. */
function unquoted(value: string): string {
  const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(value.trim())
  return quoted ? quoted[2]! : value.replace(/(?:^|\s)#.*$/, '').trim()
}
