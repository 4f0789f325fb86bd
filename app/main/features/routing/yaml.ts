import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, stringify, visit } from 'yaml'
import { z } from 'zod'
import { Candidate, FeatureRules } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import { repeated } from './features.ts'
import { USUAL_WEIGHT } from './seeds.ts'

type Path = readonly PropertyKey[]

/** What may be left out, is; what is not known, is refused. */
const Written = z.strictObject({
  ...FeatureRules.shape,
  description: FeatureRules.shape.description.default(''),
  strategy: FeatureRules.shape.strategy.default('weighted'),
  candidates: z
    .array(
      z.strictObject({
        ...Candidate.shape,
        tier: Candidate.shape.tier.default(null),
        weight: Candidate.shape.weight.default(USUAL_WEIGHT),
      }),
    )
    .max(1000)
    .default([]),
})

/** The rules as people write them: a candidate without a tier takes its key's. */
export function rulesToYaml({ description, strategy, candidates }: FeatureRules): string {
  const written = candidates.map(({ vendor, service, model, tier, weight }) => ({
    ...{ vendor, service, model },
    ...(tier !== null && { tier }),
    weight,
  }))
  return stringify({ description, strategy, candidates: written }, { lineWidth: 0 })
}

/** Fails with RULES_UNREADABLE at the line of the first mistake. Comments are not kept. */
export function rulesFromYaml(text: string): FeatureRules {
  const lines = new LineCounter()
  const refuse = (offset: number, reason: string): never => {
    const { line } = lines.linePos(offset)
    throw new AppError('RULES_UNREADABLE', { line: Math.max(1, line), reason: reason.slice(0, 300) })
  }
  try {
    return read(text, lines, refuse)
  } catch (error) {
    if (error instanceof AppError) throw error
    // Nested so deeply that the stack did not suffice.
    return refuse(0, 'it cannot be read')
  }
}

function read(text: string, lineCounter: LineCounter, refuse: (offset: number, reason: string) => never): FeatureRules {
  // Their check for keys that repeat compares each with all others; ours is below.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false })
  const [mistake] = document.errors
  if (mistake) refuse(mistake.pos[0], mistake.message)
  visit(document, {
    Alias: (_, node) => refuse(node.range?.[0] ?? 0, 'aliases are not taken; write it out'),
    Map: (_, node) => {
      const seen = new Set<unknown>()
      for (const { key } of node.items) {
        const name = isScalar(key) ? key.value : null
        if (seen.has(name)) refuse(offsetOfKey(key), `${String(name)} is there twice`)
        seen.add(name)
      }
    },
  })
  const result = Written.safeParse(document.toJS() ?? {})
  if (!result.success) {
    const { path, reason } = firstIssue(result.error)
    return refuse(offsetAt(document, path), reason)
  }
  const twice = repeated(result.data)
  if (twice >= 0) refuse(offsetAt(document, ['candidates', twice]), 'this candidate is listed twice')
  return result.data
}

function firstIssue(error: z.ZodError): { readonly path: Path; readonly reason: string } {
  const issue = error.issues[0]!
  const where = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys
    return { path: [...issue.path, name], reason: `${name} is not known here` }
  }
  return { path: issue.path, reason: where === '' ? issue.message : `${where}: ${issue.message}` }
}

/** Where that is written; of what is missing, the place that it is missing from. */
function offsetAt(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const last = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === last)
      if (pair) return offsetOfKey(pair.key)
    }
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (isNode(node) && !isAlias(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}
const offsetOfKey = (key: unknown): number => (isNode(key) ? (key.range?.[0] ?? 0) : 0)
