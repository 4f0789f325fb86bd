import {
  type Feature,
  type FeatureRevision,
  type FeatureRules,
  Feature as FeatureShape,
  type FeaturesUpdate,
} from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Asker } from '../../lib/asker.ts'
import type { Audit } from '../../lib/audit.ts'
import { createEmitter } from '../../lib/emitter.ts'
import { fromJson } from '../../lib/json.ts'
import type { Log } from '../../lib/log.ts'
import { bringCandidates } from './engine/bring-candidates.ts'
import type { EngineFeature } from './engine/engine-types.ts'
import { countChoices, MOST_SLOTS, type Named } from './engine/plan.ts'
import { seeds } from './seeds.ts'

const MOST_FEATURES = 500
/** Revisions of one feature that are kept. */
const MOST_REVISIONS = 200
/** Of all together; one with a thousand candidates is a seventh of a megabyte. */
const MOST_OF_ALL = 10_000
/** A removed feature can be taken back so long. */
const REMOVED_MS = 90 * 24 * 3_600_000
/** First parts of paths under /api/v1, and the word for any model: a feature of that name could not be called. */
const reserved = new Set(['auto', 'features', 'jobs', 'keys', 'route', 'services', 'stream'])

/** The revision that was edited; `any`: the last writer wins; null: there is none yet. */
export type Edited = number | 'any' | null

interface FeatureRow {
  readonly name: string
  readonly revision: number
  readonly rules: string
  readonly seeded: number
  readonly updatedAt: number
  readonly updatedBy: string
}

/** The features as they are, their history, and what operators do to them. A change and its audit line are one transaction. */
export function createFeatures(parts: {
  readonly db: Db
  readonly audit: Audit
  readonly log: Log
  readonly clock: () => number
  readonly keys: () => readonly Named[]
}) {
  const { db, audit, log, clock, keys } = parts
  const held = new Map<string, Feature>()
  const updates = createEmitter<FeaturesUpdate>()
  seed()
  for (const row of db.all<FeatureRow>(
    `SELECT name, revision, rules, seeded, updated_at AS updatedAt, updated_by AS updatedBy FROM features`,
  )) {
    const { rules, seeded, ...rest } = row
    const feature = FeatureShape.safeParse({ ...rest, ...(fromJson(rules) as object), seeded: seeded === 1 })
    // Only a newer console's vendor or strategy; it is left as it is on the disk.
    if (feature.success) held.set(row.name, feature.data)
    else log.warn('routing', 'feature skipped', { name: row.name })
  }

  /** Whatever of the seeded set is not there: a fresh console, or an update that brings more. */
  function seed(): void {
    const present = new Set(db.all<{ name: string }>('SELECT name FROM features').map(({ name }) => name))
    db.transaction(() => {
      for (const [name, rules] of seeds) if (!present.has(name)) write(name, rules, true, 'console')
      prune()
    })
  }

  /** Within a transaction. */
  function write(name: string, rules: FeatureRules, seeded: boolean, by: string): Feature {
    const { description, strategy, candidates } = rules
    const text = JSON.stringify({ description, strategy, candidates })
    const at = clock()
    const revision = keepRevision(name, text, at, by, false)
    db.run(
      `INSERT OR REPLACE INTO features (name, revision, rules, seeded, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?)`,
      ...[name, revision, text, Number(seeded), at, by],
    )
    return { name, description, strategy, candidates, revision, seeded, updatedAt: at, updatedBy: by }
  }
  function keepRevision(name: string, rules: string, at: number, by: string, removed: boolean): number {
    const { revision } = db.get<{ revision: number }>(
      'INSERT INTO feature_revisions (name, rules, at, by, removed) VALUES (?, ?, ?, ?, ?) RETURNING revision',
      ...[name, rules, at, by, Number(removed)],
    )!
    db.run(
      `DELETE FROM feature_revisions WHERE name = ? AND revision <=
         (SELECT revision FROM feature_revisions WHERE name = ? ORDER BY revision DESC LIMIT 1 OFFSET ?)`,
      ...[name, name, MOST_REVISIONS],
    )
    prune()
    return revision
  }
  /** Within a transaction. The revision that a feature has stays, however old it is. */
  function prune(): void {
    db.run(
      `DELETE FROM feature_revisions WHERE name NOT IN (SELECT name FROM features) AND name IN
         (SELECT name FROM feature_revisions GROUP BY name HAVING max(at) <= ?)`,
      clock() - REMOVED_MS,
    )
    db.run(
      `DELETE FROM feature_revisions WHERE revision NOT IN (SELECT revision FROM features) AND revision <=
         (SELECT revision FROM feature_revisions ORDER BY revision DESC LIMIT 1 OFFSET ?)`,
      MOST_OF_ALL,
    )
  }

  function find(name: string): Feature {
    const feature = held.get(name)
    if (!feature) throw new AppError('FEATURE_NOT_FOUND', { name: name.slice(0, 100) })
    return feature
  }
  /** Fails with REVISION_STALE where somebody else was faster. */
  function guard(name: string, edited: Edited): void {
    const present = held.get(name)?.revision ?? null
    if (edited === 'any' || edited === present) return
    throw new AppError('REVISION_STALE', { name, present: present ?? 'none', given: edited ?? 'none' })
  }
  function change(name: string, rules: FeatureRules, action: string, asker: Asker, more: object = {}): Feature {
    const before = held.get(name)
    if (before && sameRules(before, rules)) return before
    if (!before) refuseNew(name)
    refuseTwice(rules)
    refuseWide(bringCandidates(rules, name, keys()), keys())
    return db.transaction(() => {
      const feature = write(name, rules, before?.seeded ?? false, whoIs(asker))
      const { revision } = feature
      note(asker, action, name, before ? about(before) : undefined, { ...about(feature), ...more })
      db.afterCommit(() => {
        held.set(name, feature)
        log.info('routing', action, { name, revision })
        updates.emit({ kind: 'change', upserted: [feature], removed: [] })
      })
      return feature
    })
  }
  function refuseNew(name: string): void {
    const wrong = (reason: string) => new AppError('BAD_INPUT', { reason })
    if (reserved.has(name.toLowerCase())) throw wrong(`${name} is a word of the console itself`)
    if (held.size >= MOST_FEATURES) throw wrong(`there are ${MOST_FEATURES} features already`)
  }
  function note(asker: Asker, action: string, name: string, before: unknown, after: object): void {
    const named = asker.userId ? { ...after, userId: asker.userId } : after
    const subject = { action: `feature.${action}`, target: `feature ${name}`, targetId: name, before }
    audit.note({ actor: asker.actor, ...subject, ...(Object.keys(named).length > 0 ? { after: named } : {}) })
  }

  return {
    find,
    list: (): Feature[] => [...held.values()].sort((a, b) => a.name.localeCompare(b.name, 'en')),
    /** What the router engine needs of them. */
    engineFeatures: (): EngineFeature[] =>
      [...held.values()].map(({ name, revision, description, strategy, candidates }) => ({
        ...{ name, revision, rules: { description, strategy, candidates } },
      })),
    /** Rules that say nothing new leave the revision as it is. */
    set(name: string, edited: Edited, rules: FeatureRules, asker: Asker): Feature {
      guard(name, edited)
      return change(name, rules, held.has(name) ? 'change' : 'add', asker)
    },
    remove(name: string, edited: Edited, asker: Asker): void {
      const feature = find(name)
      guard(name, edited)
      if (feature.seeded) throw new AppError('FEATURE_SEEDED', { name })
      db.transaction(() => {
        const { description, strategy, candidates } = feature
        keepRevision(name, JSON.stringify({ description, strategy, candidates }), clock(), whoIs(asker), true)
        db.run('DELETE FROM features WHERE name = ?', name)
        note(asker, 'remove', name, about(feature), {})
        db.afterCommit(() => {
          held.delete(name)
          log.info('routing', 'remove', { name })
          updates.emit({ kind: 'change', upserted: [], removed: [name] })
        })
      })
    },
    /** Newest first; of a removed feature too. */
    history(name: string): FeatureRevision[] {
      const rows = db.all<{ revision: number; rules: string; at: number; by: string; removed: number }>(
        'SELECT revision, rules, at, by, removed FROM feature_revisions WHERE name = ? ORDER BY revision DESC',
        name,
      )
      if (rows.length === 0) throw new AppError('FEATURE_NOT_FOUND', { name: name.slice(0, 100) })
      return rows.map(({ rules, removed, ...rest }) => ({
        ...rest,
        ...(JSON.parse(rules) as FeatureRules),
        removed: removed === 1,
      }))
    },
    /** The rules of then become the newest revision; a removed feature is there again. */
    rollback(name: string, revision: number, asker: Asker): Feature {
      const row = db.get<{ rules: string }>(
        'SELECT rules FROM feature_revisions WHERE name = ? AND revision = ?',
        ...[name, revision],
      )
      if (!row) {
        if (!db.get('SELECT 1 FROM feature_revisions WHERE name = ? LIMIT 1', name)) find(name)
        throw new AppError('REVISION_NOT_FOUND', { name, revision })
      }
      return change(name, JSON.parse(row.rules) as FeatureRules, 'rollback', asker, { to: revision })
    },
    onChange: (listener: () => void): Unsubscribe => updates.listen(listener),
    follow(emit: Emit<FeaturesUpdate>): Unsubscribe {
      emit({ kind: 'snapshot', features: [...held.values()] })
      return updates.listen((update) => void emit(update))
    },
  }
}
export type Features = ReturnType<typeof createFeatures>

const whoIs = ({ actor, userId }: Asker) => (userId ? `${actor} (${userId})` : actor)
const about = ({ revision, strategy, candidates }: Feature) => ({ revision, strategy, candidates })

function sameRules(a: FeatureRules, b: FeatureRules): boolean {
  const text = ({ description, strategy, candidates }: FeatureRules) =>
    JSON.stringify([description, strategy, candidates.map((c) => [c.vendor, c.service, c.model, c.tier, c.weight])])
  return text(a) === text(b)
}

/** The candidate that an earlier one says already; -1 for none. */
export function repeated({ candidates }: FeatureRules): number {
  const seen = new Set<string>()
  return candidates.findIndex(({ vendor, service, model, tier }) => {
    const text = JSON.stringify([vendor, service, model, tier])
    return seen.size === seen.add(text).size
  })
}
function refuseTwice(rules: FeatureRules): void {
  const index = repeated(rules)
  if (index < 0) return
  const { vendor, service, model } = rules.candidates[index]!
  throw new AppError('BAD_INPUT', { reason: `candidate ${index + 1} (${vendor} ${service} ${model}) is listed twice` })
}
/** What is cut off would be in no answer and no picture of the route. */
function refuseWide(rules: FeatureRules, keys: readonly Named[]): void {
  const count = countChoices(rules, keys)
  if (count <= MOST_SLOTS) return
  throw new AppError('BAD_INPUT', {
    reason: `its candidates come to ${count} choices with the keys that there are; at most ${MOST_SLOTS} are taken`,
    reasonZh: `候选项与现有密钥共形成 ${count} 个选择，最多 ${MOST_SLOTS} 个`,
  })
}
