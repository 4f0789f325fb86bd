import { create } from 'zustand'
import type { FeatureRules } from '../../../shared/contracts/routing.ts'
import { rulesOf, sameRules } from './rules-edit.ts'

/** Where YAML cannot be read. */
export interface YamlProblem {
  readonly line: number
  readonly reason: string
}
/** Rules that are edited and not kept yet. */
export interface Draft {
  /** The one that was edited; null for a feature that does not exist yet. */
  readonly revision: number | null
  /** The last that could be read. */
  readonly rules: FeatureRules
  /** As it was typed, while YAML is what was edited last; null where it is made from the rules. */
  readonly yaml: string | null
  /** The typed YAML is ahead of the rules: it is being read, or cannot be. */
  readonly reading: boolean
  readonly problem: YamlProblem | null
}

/** Drafts by feature: kept while the window lives, so that a look elsewhere loses nothing. */
export const useDrafts = create<{ readonly byName: ReadonlyMap<string, Draft> }>(() => ({ byName: new Map() }))

export const draftOf = (name: string): Draft | null => useDrafts.getState().byName.get(name) ?? null

export function setDraft(name: string, draft: Draft | null): void {
  const byName = new Map(useDrafts.getState().byName)
  if (draft) byName.set(name, draft)
  else byName.delete(name)
  useDrafts.setState({ byName })
}
export const discardDraft = (name: string): void => setDraft(name, null)

/** What stands before the draft: the kept feature, or nothing for a new one. */
export type Kept = (FeatureRules & { readonly revision: number }) | null

/** Takes rules as the form made them; a draft that says what is kept is none. */
export function editRules(name: string, kept: Kept, rules: FeatureRules): void {
  const revision = draftOf(name)?.revision ?? kept?.revision ?? null
  const same = kept !== null && kept.revision === revision && sameRules(kept, rules)
  setDraft(name, same ? null : { revision, rules, yaml: null, reading: false, problem: null })
}

/** Takes YAML as it is typed; what it says is not known yet. */
export function typeYaml(name: string, kept: Kept, yaml: string): void {
  const before = draftOf(name)
  const rules = before?.rules ?? (kept ? rulesOf(kept) : null)
  if (!rules) return
  setDraft(name, { revision: before?.revision ?? kept?.revision ?? null, rules, yaml, reading: true, problem: null })
}

/** What typed YAML was read as; an answer to what was typed before is dropped. */
export function readYaml(name: string, yaml: string, read: FeatureRules | YamlProblem): void {
  const draft = draftOf(name)
  if (draft?.yaml !== yaml) return
  if ('line' in read) setDraft(name, { ...draft, reading: false, problem: read })
  else setDraft(name, { ...draft, rules: read, reading: false, problem: null })
}

/** A draft on top of another revision: whoever saves it overwrites that one knowingly. */
export function rebase(name: string, revision: number | null): void {
  const draft = draftOf(name)
  if (draft) setDraft(name, { ...draft, revision })
}
