import { useState } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { useText } from '../../../i18n/language.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { toggled } from '../../../ui/toggled.ts'
import { activate, nameThem } from '../plugin-actions.ts'
import { pluginPath } from '../plugin-address.ts'
import { PackageReview } from './PackageReview.tsx'
import { activatable, isTrusted, keyOf } from './review-rules.ts'
import { closeReview, type Review } from './uploads.ts'

/** What was read, from where, and what is wrong with it, before any of it is put into use. */
export function ReviewDialog({ review: { batch, results } }: { readonly review: Review }) {
  const t = useText()
  const candidates = activatable(results)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(candidates.filter(isTrusted).map(keyOf)))
  const [busy, setBusy] = useState(false)
  const plugins = results.flatMap((result) => result.plugins)
  const wanted = candidates.filter((plugin) => chosen.has(keyOf(plugin)))
  const close = () => closeReview(batch)

  const keep = () => {
    close()
    const waiting = plugins.filter(({ unchanged }) => !unchanged)
    if (waiting.length > 0) toast({ text: t('plugins.keptForLater', { name: nameThem(waiting, t) }) })
  }
  const start = async () => {
    setBusy(true)
    const [only, ...more] = wanted
    const done = await activate(
      wanted.map(({ id, versionId }) => ({ id, versionId })),
      t('plugins.doneImport', { name: nameThem(wanted, t) }),
    )
    setBusy(false)
    if (!done) return
    close()
    navigate(only && more.length === 0 ? pluginPath(only.id, 'tools') : '/plugins')
  }
  const title = results.length === 1 ? results[0]!.name : t('plugins.manyPackages', { count: results.length })
  return (
    <Dialog
      wide
      title={t('plugins.reviewTitle', { name: title })}
      open
      onClose={keep}
      footer={
        candidates.length === 0 ? (
          <Button onClick={keep}>{t('common.close')}</Button>
        ) : (
          <>
            <Button onClick={keep}>{t('plugins.keepForLater')}</Button>
            <Button variant="primary" disabled={wanted.length === 0} busy={busy} onClick={() => void start()}>
              {t('plugins.activateCount', { count: wanted.length })}
            </Button>
          </>
        )
      }
    >
      {results.map((result) => (
        <PackageReview
          key={result.taskId}
          result={result}
          headed={results.length > 1}
          chosen={chosen}
          onToggle={(plugin) => setChosen(toggled(chosen, keyOf(plugin)))}
        />
      ))}
    </Dialog>
  )
}
