import { RotateCw, ScrollText } from 'lucide-react'
import { useCallback } from 'react'
import { useText } from '../../i18n/language.ts'
import { type PaletteItem, usePaletteItems } from '../../shell/actions.ts'
import { canDo } from './action-rules.ts'
import { act } from './service-actions.ts'
import type { OpenService } from './service-menu.ts'
import { useServices } from './services-store.ts'

/** Beyond this many services the palette would be a list of actions; their names lead to the drawer, which has them all. */
const most = 500

/** What is done most often to a service, by typing its name in the palette. */
export function useServicePalette(open: OpenService): void {
  const t = useText()
  const items = useCallback((): readonly PaletteItem[] => {
    const services = [...useServices.getState().byId.values()]
    if (services.length > most) return []
    return services.flatMap((service) => {
      const { id, name } = service
      const logs = { key: `service:${id}:logs`, label: t('services.logsNamed', { name }), icon: ScrollText }
      const restart = { key: `service:${id}:restart`, label: t('services.restartNamed', { name }), icon: RotateCw }
      return [
        ...(canDo('restart', service) ? [{ ...restart, run: () => void act([service], { kind: 'restart' }) }] : []),
        { ...logs, run: () => open(id, 'logs') },
      ]
    })
  }, [t, open])
  usePaletteItems(items)
}
