import { CSPProvider } from '@base-ui/react/csp-provider'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { mirror } from './mirrors.ts'
import { desktopLink } from './rpc/desktop-link.ts'
import { connect, rpc } from './rpc/rpc.ts'
import { followNewTokens, openWebSocketLink } from './rpc/web-socket-link.ts'
import { ErrorBoundary } from './shell/ErrorBoundary.tsx'
import { Shell } from './shell/Shell.tsx'
import { listenForShortcuts } from './shell/shortcuts.ts'
import { TooltipProvider } from './ui/Tooltip.tsx'
import './ui/tokens.css'
import './ui/base.css'

mirror(rpc)
listenForShortcuts()
const desktop = desktopLink()
void connect(desktop ? async () => desktop : openWebSocketLink)
if (!desktop) followNewTokens()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ErrorBoundary>
      <CSPProvider disableStyleElements>
        <TooltipProvider delay={400}>
          <Shell />
        </TooltipProvider>
      </CSPProvider>
    </ErrorBoundary>
  </StrictMode>,
)
