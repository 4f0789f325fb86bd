import { closeAsked, useAsked } from '../service-actions.ts'
import { LossDialog } from './LossDialog.tsx'
import { NetworkDialog } from './NetworkDialog.tsx'
import { PolicyDialog } from './PolicyDialog.tsx'
import { RenameDialog } from './RenameDialog.tsx'
import { StopDialog } from './StopDialog.tsx'

/** The question of `ask`, where there is one. */
export function ServiceDialogs() {
  const asked = useAsked((state) => state.asked)
  const first = asked?.services[0]
  if (!asked || !first) return null
  const one = { service: first, onClose: closeAsked }
  switch (asked.kind) {
    case 'remove':
    case 'kill':
    case 'recreate':
      return <LossDialog kind={asked.kind} services={asked.services} onClose={closeAsked} />
    case 'rename':
      return <RenameDialog {...one} />
    case 'stop':
      return <StopDialog services={asked.services} onClose={closeAsked} />
    case 'setRestartPolicy':
      return <PolicyDialog {...one} />
    case 'connectNetwork':
      return <NetworkDialog {...one} />
  }
}
