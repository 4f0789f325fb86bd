import { Ellipsis, RotateCw, ScrollText } from 'lucide-react'
import type { Service } from '../../../shared/contracts/services.ts'
import { useText } from '../../i18n/language.ts'
import { useSettings } from '../../shell/mirror-stores.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { canDo } from './action-rules.ts'
import { act } from './service-actions.ts'
import { type OpenService, serviceMenu } from './service-menu.ts'

/** Restart and logs at hand, the rest behind ⋯: on a row and at the top of the drawer. */
export function ServiceRowActions({ service, open }: { readonly service: Service; readonly open: OpenService }) {
  const t = useText()
  const { name } = service
  return (
    <>
      <IconButton
        icon={RotateCw}
        label={t('services.restartNamed', { name })}
        shortcut="R"
        disabled={!canDo('restart', service)}
        onClick={() => void act([service], { kind: 'restart' })}
      />
      <IconButton
        icon={ScrollText}
        label={t('services.logsNamed', { name })}
        shortcut="M"
        onClick={() => open(service.id, 'logs')}
      />
      <ServiceMenu service={service} open={open} />
    </>
  )
}

function ServiceMenu({ service, open }: { readonly service: Service; readonly open: OpenService }) {
  const t = useText()
  const pinned = useSettings(({ settings }) => settings.pinnedServices.includes(service.id))
  const label = t('services.actionsFor', { name: service.name })
  return (
    <Menu
      label={label}
      trigger={<IconButton icon={Ellipsis} label={label} />}
      items={serviceMenu(service, t, pinned, open)}
    />
  )
}
