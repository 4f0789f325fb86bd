import { LineCounter, parseDocument, stringify } from 'yaml'
import type { Key } from '../../app/shared/contracts/keys.ts'
import {
  type Feature,
  FeatureRules,
  type ReplaySummary,
  type RouteQuestion,
  type RouteStandings,
  type RouteState,
} from '../../app/shared/contracts/routing.ts'
import { AppError } from '../../app/shared/errors.ts'
import {
  decide,
  routeKeys,
  routeState,
  sampleDecisions,
  sampleFeatures,
  sampleHistory,
  sampleReplay,
} from './routing-samples.ts'
import type { ScriptedMain } from './scripted-main.ts'
import { pictureTime } from './scripted-platform.ts'

export type ScriptedRouting = ReturnType<typeof scriptRouting>

/** Answers for the routes in place of main, from memory; what the page did can be read from `main.calls`. */
export function scriptRouting(
  main: ScriptedMain,
  { features = sampleFeatures(), keys = routeKeys() }: { features?: readonly Feature[]; keys?: readonly Key[] } = {},
) {
  const byName = new Map(features.map((one) => [one.name, one]))
  let newest = Math.max(0, ...features.map(({ revision }) => revision))
  let standing = keys
  let decisions = (of: Feature) => sampleDecisions(of, 120)
  let replay: (rules: FeatureRules) => ReplaySummary = sampleReplay

  const tell = () => main.emit('routing', 'updates', { kind: 'snapshot', features: [...byName.values()] })
  const known = (name: string): Feature => {
    const found = byName.get(name)
    if (!found) throw new AppError('FEATURE_NOT_FOUND', { name })
    return found
  }
  const set = (name: string, rules: FeatureRules, by: string) => {
    const before = byName.get(name)
    const next = { seeded: false, ...before, ...rules, name, revision: ++newest, updatedAt: pictureTime, updatedBy: by }
    byName.set(name, next)
    tell()
    return { revision: newest }
  }
  const stand = (name: string, change: (state: RouteState) => RouteState = (state) => state) => {
    main.emit('routing', 'state', change(routeState(name, known(name), standing)))
  }
  const tellKeys = () => main.emit('keys', 'updates', { kind: 'snapshot', keys: [...standing] })
  tell()
  tellKeys()
  // Told to whoever listens, whatever the feature: so it is the test that says of which.
  main.silence('routing', 'state')
  main.silence('routing', 'standings')

  main.answer('routing', 'setFeature', (input) => {
    const { name, revision, rules } = input as { name: string; revision: number | null; rules: FeatureRules }
    const present = byName.get(name)?.revision ?? null
    if (present !== revision) {
      throw new AppError('REVISION_STALE', { name, present: String(present), given: String(revision) })
    }
    return set(name, FeatureRules.parse(rules), 'browser')
  })
  main.answer('routing', 'removeFeature', (input) => {
    byName.delete((input as { name: string }).name)
    tell()
  })
  main.answer('routing', 'rollback', (input) => {
    const { name, revision } = input as { name: string; revision: number }
    const found = features.find((one) => one.name === name)
    const then = found && sampleHistory(found).find((one) => one.revision === revision)
    if (!then) throw new AppError('REVISION_NOT_FOUND', { name, revision: String(revision) })
    const { description, strategy, candidates } = then
    return set(name, { description, strategy, candidates }, 'browser')
  })
  main.emit('routing', 'newestDecision', { id: null })
  main.answer('routing', 'history', (input) => ({ revisions: sampleHistory(known((input as { name: string }).name)) }))
  main.answer('routing', 'toYaml', (input) => ({ yaml: stringify(input) }))
  main.answer('routing', 'fromYaml', (input) => readRules((input as { yaml: string }).yaml))
  main.answer('routing', 'ask', (input) => {
    const { feature, model, tokens, draft } = input as RouteQuestion
    return decide(feature, draft ?? known(feature), standing, { model, tokens })
  })
  main.answer('routing', 'decisions', (input) => {
    const { feature, before, limit } = input as { feature: string | null; before: string | null; limit: number }
    const all = feature === null ? [...byName.values()].flatMap((one) => decisions(one)) : decisions(known(feature))
    const sorted = all.sort((a, b) => b.decision.at - a.decision.at)
    const start = before === null ? 0 : sorted.findIndex(({ decision }) => decision.id === before) + 1
    return { decisions: sorted.slice(start, start + limit) }
  })
  main.answer('routing', 'replay', (input) => replay((input as { draft: FeatureRules }).draft))

  return {
    byName,
    /** How the choices of a feature stand, from now on; of the one that the page shows. */
    stand,
    /** What the router says of the features, from now on. */
    standings: (features: RouteStandings['features']) =>
      main.emit('routing', 'standings', { at: pictureTime, features }),
    /** Somebody else changes a feature. */
    elsewhere(name: string, part: Partial<FeatureRules>): void {
      set(name, { ...known(name), ...part }, 'platform alice')
    },
    /** Somebody else removes one. */
    removeElsewhere(name: string): void {
      byName.delete(name)
      tell()
    },
    setKeys(next: readonly Key[]): void {
      standing = next
      tellKeys()
    },
    decides(next: typeof decisions): void {
      decisions = next
    },
    replays(next: typeof replay): void {
      replay = next
    },
  }
}

/** As main reads YAML: the first thing that is wrong, with its line. */
function readRules(text: string): FeatureRules {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const broken = document.errors[0]
  if (broken) {
    throw new AppError('RULES_UNREADABLE', {
      line: String(lines.linePos(broken.pos[0]).line),
      reason: broken.message.split('\n')[0]!.replace(/ at line .*$/, ''),
    })
  }
  const read = FeatureRules.safeParse(document.toJS())
  if (read.success) return read.data
  const { path, message } = read.error.issues[0]!
  const node = document.getIn(path as (string | number)[], true) as { range?: [number] } | undefined
  const line = node?.range ? lines.linePos(node.range[0]).line : 1
  throw new AppError('RULES_UNREADABLE', { line: String(line), reason: `${path.join('.')}: ${message}` })
}
