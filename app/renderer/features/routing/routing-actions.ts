import { navigate } from 'wouter/use-hash-location'
import type { Feature } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import { currentText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { run, showFailure } from '../../shell/run.ts'
import { toast } from '../../shell/toasts.ts'
import { type Draft, discardDraft, draftOf, rebase, setDraft } from './draft-store.ts'
import { routingPath } from './routing-address.ts'
import { readTyped } from './use-yaml-reading.ts'

/**
 * Keeps the draft, on top of the revision that it was made from, and says so with a way back. What is refused
 * stays a draft.
 */
export async function saveDraft(name: string): Promise<void> {
  const typed = draftOf(name)
  // What was typed last is meant too.
  if (typed?.reading && typed.yaml !== null) await readTyped(name, typed.yaml)
  const draft = draftOf(name)
  if (!draft) return
  try {
    if (draft.problem) throw new AppError('RULES_UNREADABLE', { ...draft.problem })
    const { revision } = await rpc.routing.setFeature({ name, revision: draft.revision, rules: draft.rules })
    // What was typed while it was being saved is a draft on top of it.
    if (draftOf(name)?.rules === draft.rules) discardDraft(name)
    else rebase(name, revision)
    sayKept(name, revision, draft.revision)
  } catch (error) {
    showFailure(error)
  }
}

/** Keeps the draft in place of a revision that came meanwhile; null: in place of a feature that was removed. */
export function overwrite(name: string, revision: number | null): Promise<void> {
  rebase(name, revision)
  return saveDraft(name)
}

function sayKept(name: string, revision: number, before: number | null): void {
  const t = currentText()
  toast({
    text: t('routing.saved', { name, revision: String(revision) }),
    action: {
      label: t('common.undo'),
      onClick: () =>
        void run<unknown>(
          before === null
            ? rpc.routing.removeFeature({ name, revision })
            : rpc.routing.rollback({ name, revision: before }),
        ),
    },
  })
}

/** Forgets what is not saved; it can be taken back. */
export function discard(name: string): void {
  const draft: Draft | null = draftOf(name)
  if (!draft) return
  discardDraft(name)
  const t = currentText()
  toast({
    text: t('routing.discarded', { name }),
    action: { label: t('common.undo'), onClick: () => setDraft(name, draft) },
  })
}

/** Makes an earlier revision the one in use, with a way back. */
export async function rollBack(feature: Feature, revision: number): Promise<void> {
  const { name } = feature
  const done = await run(rpc.routing.rollback({ name, revision }))
  if (!done) return
  const t = currentText()
  toast({
    text: t('routing.rolledBack', { name, revision: String(revision) }),
    action: {
      label: t('common.undo'),
      onClick: () => void run(rpc.routing.rollback({ name, revision: feature.revision })),
    },
  })
}

/** Takes a feature away, with a way back: its history stays. */
export async function removeFeature({ name, revision }: Feature): Promise<void> {
  const t = currentText()
  const done = await run(rpc.routing.removeFeature({ name, revision }).then(() => true))
  if (!done) return
  discardDraft(name)
  navigate('/routing')
  toast({
    text: t('routing.removed', { name }),
    action: {
      label: t('common.undo'),
      onClick: () =>
        void run(rpc.routing.rollback({ name, revision })).then((back) => back && navigate(routingPath(name))),
    },
  })
}
