// YAML by the library: slow, but it knows all of it and says what is wrong where. usual-yaml.ts reads most texts before.
import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  Parser,
  type YAMLMap,
  YAMLParseError,
} from 'yaml'
import { mostProblems, type Parsed, type ParseOptions, type Problem, refused } from './document.ts'
import { type Json, limits } from './package-types.ts'

/** The notation is wrong in a way that has a sentence of its own. */
const known = { TAB_AS_INDENT: 'YAML_TAB', MULTIPLE_DOCS: 'YAML_SEVERAL_DOCUMENTS' } as const

/** Seven megabytes of what people write; of nothing but marks and mistakes it takes three seconds and half a gigabyte. */
const mostTokens = 1_000_000
/** Levels that the parser may open. It opens more of them than there are where a text is wrong, which is to be told as such. */
const mostOpen = 1000

/** Raised inside this file to leave the text or its tree at once. */
class Stop extends Error {
  readonly parsed: Parsed
  constructor(parsed: Parsed) {
    super('stop')
    this.parsed = parsed
  }
}

export function parseYaml(text: string, options: ParseOptions): Parsed {
  // A text may have a million mistakes, and nobody asks where the library made the error that says so.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    const { document, end } = compose(text)
    const isCut = end < text.length
    // What is wrong where the text was cut is not its fault.
    const errors = isCut ? document.errors.filter(({ pos }) => pos[0] < end - 100) : document.errors
    if (isCut && errors.length === 0) {
      return refused('DOCUMENT_TOO_LARGE', end, { most: Math.max(1, Math.round(end / 1024 / 1024)) })
    }
    const problems: Problem[] = []
    for (const error of [...errors, ...document.warnings].slice(0, mostProblems)) {
      const { code, message, pos } = error
      const own = Object.hasOwn(known, code) ? known[code as keyof typeof known] : null
      const fatal = error instanceof YAMLParseError && code !== 'MULTIPLE_DOCS'
      problems.push({
        severity: fatal ? 'error' : 'warning',
        code: own ?? (fatal ? 'YAML_SYNTAX' : 'YAML_TAG'),
        offset: pos[0],
        details: { reason: message.split('\n')[0]!.slice(0, 200) },
      })
    }
    const contents = document.contents as Node | null
    const pairOf = pairFinder()
    const offsetOf = (keys: readonly string[]) => offsetIn(contents, keys, pairOf)
    if (problems.some(({ severity }) => severity === 'error')) return { value: undefined, offsetOf, problems }
    if (contents === null || (isScalar(contents) && contents.value === null)) return refused('DOCUMENT_EMPTY', 0, {})
    const value = createReader(problems, options)(contents)
    return { value, offsetOf, problems }
  } catch (error) {
    if (error instanceof Stop) return error.parsed
    return refused('YAML_SYNTAX', 0, { reason: (error as Error).message.slice(0, 200) })
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** What the library's `parseDocument` answers, of as much of the text as may be read: up to `end`. */
function compose(text: string): { readonly document: Document.Parsed; readonly end: number } {
  let end = text.length
  // Their check for duplicate keys compares each key with all others; ours is below.
  const documents = new Composer({ uniqueKeys: false }).compose(tokens(), true, text.length)
  const { value: document } = documents.next() as { value: Document.Parsed }
  const next = documents.next()
  if (!next.done) {
    const [from, to] = next.value.range
    document.errors.push(
      new YAMLParseError(
        [from, to],
        'MULTIPLE_DOCS',
        'Source contains multiple documents; please use YAML.parseAllDocuments()',
      ),
    )
  }
  return { document, end }

  function* tokens() {
    const parser = new Parser()
    let count = 0
    for (const lexeme of new Lexer().lex(text)) {
      yield* parser.next(lexeme)
      // The tree is built by recursion, and each of its nodes takes hundreds of bytes.
      if (parser.stack.length > mostOpen) {
        const { offset } = parser.stack[limits.depth + 2]!
        throw new Stop(refused('DOCUMENT_TOO_DEEP', offset, { most: limits.depth }))
      }
      if (++count < mostTokens) continue
      end = parser.offset
      break
    }
    yield* parser.end()
  }
}

/**
 * Turns the tree into values. An alias shares the value of its anchor; what all aliases together would unfold to is
 * counted and bounded, so that nobody who walks the value later meets a bomb.
 */
function createReader(problems: Problem[], { longNumbersAsText = false }: ParseOptions) {
  const anchors = new Map<string, { readonly value: Json; readonly nodes: number; readonly levels: number }>()
  let nodes = 0
  let unfolded = 0
  let deepest = 0

  function complain(
    severity: Problem['severity'],
    code: Problem['code'],
    node: Node,
    details: Problem['details'] = {},
  ) {
    const problem = { severity, code, offset: node.range?.[0] ?? 0, details }
    if (severity === 'error')
      throw new Stop({ ...refused(code, problem.offset, details), problems: [...problems, problem] })
    if (problems.length < 1000) problems.push(problem)
  }
  function read(node: Node | null, depth: number): Json {
    if (node === null) return null
    nodes++
    if (depth > limits.depth) complain('error', 'DOCUMENT_TOO_DEEP', node, { most: limits.depth })
    if (depth > deepest) deepest = depth
    if (isAlias(node)) {
      const anchor = anchors.get(node.source)
      if (!anchor) return complain('error', 'YAML_ALIAS_UNKNOWN', node, { name: node.source }) ?? null
      unfolded += anchor.nodes
      nodes += anchor.nodes
      if (unfolded > limits.aliases) complain('error', 'YAML_ALIAS_BOMB', node, { most: limits.aliases })
      if (depth + anchor.levels > limits.depth) complain('error', 'DOCUMENT_TOO_DEEP', node, { most: limits.depth })
      return anchor.value
    }
    const { anchor } = node as { anchor?: string }
    if (anchor === undefined) return plainValue(node, depth)
    const before = { nodes, deepest }
    deepest = depth
    const value = plainValue(node, depth)
    anchors.set(anchor, { value, nodes: nodes - before.nodes + 1, levels: deepest - depth })
    deepest = Math.max(deepest, before.deepest)
    return value
  }
  function plainValue(node: Node, depth: number): Json {
    if (isScalar(node)) {
      nodes += extraNodes(node.source)
      return scalar(node.value, node.source)
    }
    if (isSeq(node)) return node.items.map((item) => read(item as Node, depth + 1))
    return isMap(node) ? object(node, depth) : null
  }
  function scalar(value: unknown, source: string | undefined): Json {
    if (typeof value === 'number') {
      if (longNumbersAsText && source !== undefined && Number.isInteger(value) && !Number.isSafeInteger(value))
        return source
      return Number.isFinite(value) ? value : String(source ?? value)
    }
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
    return String(source ?? value)
  }
  function object(map: YAMLMap, depth: number): Json {
    const entries = new Map<string, Json>()
    const merged = new Set<string>()
    for (const pair of map.items) {
      const keyNode = pair.key as Node | null
      if (keyNode === null || !isScalar(keyNode) || keyNode.value === null) {
        complain('error', 'KEY_NOT_TEXT', keyNode ?? map)
        continue
      }
      const key = typeof keyNode.value === 'string' ? keyNode.value : String(keyNode.source ?? keyNode.value)
      nodes += extraNodes(key)
      const value = read(pair.value as Node | null, depth + 1)
      if (key === '<<' && keyNode.type === 'PLAIN') {
        for (const one of Array.isArray(value) ? value : [value])
          for (const [name, inner] of Object.entries(
            (one !== null && typeof one === 'object' ? one : {}) as Record<string, Json>,
          ))
            if (!entries.has(name)) {
              entries.set(name, inner)
              merged.add(name)
            }
        continue
      }
      if (entries.has(key) && !merged.delete(key)) complain('warning', 'KEY_DUPLICATE', keyNode, { key })
      entries.set(key, value)
    }
    // fromEntries defines properties, so that a key "__proto__" is a key like any other.
    return Object.fromEntries(entries)
  }
  return (node: Node) => read(node, 0)
}

/** A long text counts as several nodes: aliases of it unfold to gigabytes once the value is written out. */
const extraNodes = (text = '') => Math.floor(text.length / 1000)

type Pairs = Map<string, YAMLMap['items'][number]>

/** Finds a member by its key; each map that is asked is listed once, because a search for each would be quadratic. */
function pairFinder() {
  const known = new Map<YAMLMap, Pairs>()
  return (map: YAMLMap, key: string) => {
    let pairs = known.get(map)
    if (pairs === undefined) {
      pairs = new Map()
      for (const pair of map.items)
        if (isScalar(pair.key))
          pairs.set(
            typeof pair.key.value === 'string' ? pair.key.value : String(pair.key.source ?? pair.key.value),
            pair,
          )
      known.set(map, pairs)
    }
    return pairs.get(key)
  }
}

/** Where a node begins; a member of a map at its key. As far down as the path leads. */
function offsetIn(contents: Node | null, keys: readonly string[], pairOf: ReturnType<typeof pairFinder>): number {
  let node: Node | null = contents
  let offset = node?.range?.[0] ?? 0
  for (const key of keys) {
    if (isMap(node)) {
      const pair = pairOf(node, key)
      if (!pair) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value as Node | null
    } else if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined
      if (!item) break
      offset = item.range?.[0] ?? offset
      node = item
    } else break
  }
  return offset
}
