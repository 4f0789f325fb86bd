import { useMemo, useState } from 'react'
import type { Feature } from '../../../shared/contracts/routing.ts'
import { useText } from '../../i18n/language.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { DiffView } from './DiffView.tsx'
import type { Draft } from './draft-store.ts'
import styles from './Routing.module.css'
import { discard, overwrite, saveDraft } from './routing-actions.ts'
import { actorName } from './routing-words.ts'

/** Above a route that is changed and not saved: save it or leave it, and what to do when somebody else was faster. */
export function DraftBar({
  name,
  feature,
  draft,
}: {
  readonly name: string
  readonly feature: Feature | null
  readonly draft: Draft
}) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [saving, setSaving] = useState(false)
  const stale = draft.revision !== (feature?.revision ?? null)
  const unreadable = draft.reading || draft.problem !== null
  const keep = async (work: Promise<void>) => {
    setSaving(true)
    await work
    setSaving(false)
  }
  const shortcuts = useMemo(
    () => ({
      'Mod+S': { label: t('routing.shortcutSave'), everywhere: true, run: () => !stale && void saveDraft(name) },
    }),
    [t, stale, name],
  )
  useShortcuts(shortcuts, t('routing.title'))
  return (
    <>
      <Banner
        tone={stale ? 'warn' : 'info'}
        action={
          <span className={styles['buttons']}>
            {feature && (
              <Button variant="quiet" onClick={() => setOpen(!open)}>
                {t(open ? 'routing.hideDifference' : 'routing.showDifference')}
              </Button>
            )}
            <Button onClick={() => discard(name)}>
              {t(stale && feature ? 'routing.takeTheirs' : 'routing.discard')}
            </Button>
            {stale ? (
              <Button
                variant="danger"
                busy={saving}
                disabled={unreadable}
                onClick={() => void keep(overwrite(name, feature?.revision ?? null))}
              >
                {t(feature ? 'routing.overwrite' : 'routing.saveAnew')}
              </Button>
            ) : (
              <Button variant="primary" busy={saving} disabled={unreadable} onClick={() => void keep(saveDraft(name))}>
                {t('routing.save')}
              </Button>
            )}
          </span>
        }
      >
        {stale ? staleWords() : t('routing.draft')}
      </Banner>
      {open && feature && (
        <div className={styles['difference']}>
          <DiffView
            label={t('routing.differenceTo', { revision: String(feature.revision) })}
            before={feature}
            after={draft.rules}
          />
        </div>
      )}
    </>
  )

  function staleWords(): string {
    if (!feature) return t('routing.staleGone', { name })
    return t('routing.stale', {
      name,
      by: actorName(feature.updatedBy, t),
      revision: String(feature.revision),
    })
  }
}
