import { useEffect, useState } from 'react'
import type { DockerNetwork } from '../../../../shared/contracts/docker.ts'
import type { Service } from '../../../../shared/contracts/services.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { showFailure } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Select } from '../../../ui/Select.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { act } from '../service-actions.ts'

/** `host` and `none` take no members besides those that were created with them. */
const closed = new Set(['host', 'none'])

export function NetworkDialog({ service, onClose }: { readonly service: Service; readonly onClose: () => void }) {
  const t = useText()
  const [networks, setNetworks] = useState<readonly DockerNetwork[] | null>(null)
  const [chosen, setChosen] = useState('')
  useEffect(() => {
    rpc.docker.networks(undefined).then(
      (answer) => setNetworks(answer.networks),
      (error: unknown) => {
        showFailure(error)
        onClose()
      },
    )
  }, [onClose])
  const open = (networks ?? []).filter(({ name }) => !closed.has(name) && !service.networks.includes(name))
  const network = open.some(({ name }) => name === chosen) ? chosen : (open[0]?.name ?? null)
  const confirm = () => {
    if (network === null) return
    onClose()
    void act([service], { kind: 'connectNetwork', network })
  }
  return (
    <Dialog
      open
      title={t('services.networkTitle', { name: service.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" disabled={network === null} onClick={confirm}>
            {t('services.networkConfirm')}
          </Button>
        </>
      }
    >
      {networks === null && <SkeletonRows count={1} />}
      {networks !== null && network === null && <p>{t('services.networkNone')}</p>}
      {network !== null && (
        <Select
          label={t('services.networkLabel')}
          value={network}
          options={open.map(({ name, driver }) => ({ value: name, label: `${name} · ${driver}` }))}
          onChange={setChosen}
        />
      )}
    </Dialog>
  )
}
