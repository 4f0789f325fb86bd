import { useState } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { useText } from '../../i18n/language.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { editRules } from './draft-store.ts'
import { routingPath } from './routing-address.ts'

const allowed = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

/** Names a feature; it is a draft until it is saved with its candidates. */
export function NewFeatureDialog({
  taken,
  onClose,
}: {
  readonly taken: readonly string[]
  readonly onClose: () => void
}) {
  const t = useText()
  const [name, setName] = useState('')
  const [asked, setAsked] = useState(false)
  const wrong = taken.includes(name)
    ? t('routing.featureNameTaken')
    : allowed.test(name)
      ? null
      : t('routing.featureNameWrong')
  const create = () => {
    setAsked(true)
    if (wrong) return
    editRules(name, null, { description: '', strategy: 'weighted', candidates: [] })
    onClose()
    navigate(routingPath(name))
  }
  return (
    <Dialog
      open
      title={t('routing.newFeature')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" onClick={create}>
            {t('routing.create')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('routing.featureName')}
        value={name}
        mono
        hint={t('routing.featureNameHint')}
        error={asked ? wrong : null}
        onChange={setName}
        onEnter={create}
      />
    </Dialog>
  )
}
