import type { Service } from '../../../../shared/contracts/services.ts'
import { useText } from '../../../i18n/language.ts'
import { Dialog } from '../../../ui/Dialog.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { PolicyForm } from '../PolicyForm.tsx'
import { useDetails } from '../use-details.ts'

export function PolicyDialog({ service, onClose }: { readonly service: Service; readonly onClose: () => void }) {
  const t = useText()
  const looked = useDetails(service.id)
  return (
    <Dialog open title={t('services.policyTitle', { name: service.name })} onClose={onClose}>
      {looked.kind === 'details' ? (
        <PolicyForm service={service} policy={looked.details.restartPolicy} onDone={onClose} />
      ) : (
        <SkeletonRows count={2} />
      )}
    </Dialog>
  )
}
