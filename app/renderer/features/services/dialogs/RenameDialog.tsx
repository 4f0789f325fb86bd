import { useState } from 'react'
import type { Service } from '../../../../shared/contracts/services.ts'
import { useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { act } from '../service-actions.ts'
import { useServices } from '../services-store.ts'

/** What Docker takes as a container's name. */
const rule = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/

export function RenameDialog({ service, onClose }: { readonly service: Service; readonly onClose: () => void }) {
  const t = useText()
  const [name, setName] = useState(service.name)
  const taken = useServices(({ byId }) =>
    [...byId.values()].some((other) => other.id !== service.id && other.name === name),
  )
  const error = taken ? t('services.nameTaken') : rule.test(name) ? null : t('services.nameRule')
  const ready = error === null && name !== service.name
  const confirm = () => {
    if (!ready) return
    onClose()
    void act([service], { kind: 'rename', name })
  }
  return (
    <Dialog
      open
      title={t('services.renameTitle', { name: service.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" disabled={!ready} onClick={confirm}>
            {t('services.renameConfirm')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('services.newName')}
        value={name}
        onChange={setName}
        onEnter={confirm}
        error={error}
        hint={t('services.nameRule')}
        mono
      />
    </Dialog>
  )
}
