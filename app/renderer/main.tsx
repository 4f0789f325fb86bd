import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { create } from 'zustand'
import type { Service } from '../shared/contracts/services.ts'
import { createClient, type Rpc } from '../shared/rpc/client.ts'
import { applyUpdate, type ServicesState } from './features/services/services-store.ts'
import { desktopLink } from './rpc/desktop-link.ts'
import { openWebSocketLink } from './rpc/web-socket-link.ts'

const useServices = create<ServicesState>(() => ({ byId: new Map() }))

function Row({ service, rpc }: { service: Service; rpc: Rpc }) {
  const [error, setError] = useState('')
  const restart = () =>
    rpc.services
      .act({ ids: [service.id], action: { kind: 'restart' } })
      .catch((failure: Error) => setError(failure.message))
  return (
    <li>
      {service.name} {service.requested ?? service.state.kind}{' '}
      <button type="button" disabled={service.requested !== null} onClick={restart}>
        Restart {service.name}
      </button>
      {error}
    </li>
  )
}

function App({ rpc }: { rpc: Rpc }) {
  const byId = useServices((state) => state.byId)
  return (
    <main>
      <h1>Services</h1>
      <ul aria-label="Services">
        {[...byId.values()].map((service) => (
          <Row key={service.id} service={service} rpc={rpc} />
        ))}
      </ul>
    </main>
  )
}

const rpc = createClient(desktopLink() ?? (await openWebSocketLink()))
rpc.services.onUpdates((update) => useServices.setState((state) => applyUpdate(state, update)))
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App rpc={rpc} />
  </StrictMode>,
)
