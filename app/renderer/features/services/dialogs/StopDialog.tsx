import { useState } from 'react'
import type { Service } from '../../../../shared/contracts/services.ts'
import { useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { act, nameThem } from '../service-actions.ts'

const choices = ['0', '10', '30', '120', '600'] as const

/** Stop with a chosen time to end; a database may need minutes to write down what it holds. */
export function StopDialog({
  services,
  onClose,
}: {
  readonly services: readonly Service[]
  readonly onClose: () => void
}) {
  const t = useText()
  const [grace, setGrace] = useState<(typeof choices)[number]>('30')
  const confirm = () => {
    onClose()
    void act(services, { kind: 'stop', graceSeconds: Number(grace) })
  }
  return (
    <Dialog
      open
      title={t('services.stopTitle', { name: nameThem(services, t) })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" onClick={confirm}>
            {t('services.stopConfirm')}
          </Button>
        </>
      }
    >
      <p>{t('services.graceText')}</p>
      <SegmentedControl
        label={t('services.graceLabel')}
        value={grace}
        options={choices.map((value) => ({ value, label: t('services.seconds', { count: Number(value) }) }))}
        onChange={setGrace}
      />
    </Dialog>
  )
}
