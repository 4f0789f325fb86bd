import { MessagesSquare, Plus } from 'lucide-react'
import { useState } from 'react'
import { useRoute } from 'wouter'
import type { Agent } from '../../../shared/contracts/agents.ts'
import { useText } from '../../i18n/language.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { VaultBanner } from '../vault/VaultBanner.tsx'
import { AgentDialog } from './AgentDialog.tsx'
import { AgentList } from './AgentList.tsx'
import { AgentPane } from './AgentPane.tsx'
import styles from './Agents.module.css'
import { inOrder, useAgents } from './agents-store.ts'

/** An alias, not an interface: only an alias counts as a map of parameters. */
type Address = { readonly agent?: string; readonly session?: string }

/** Agents and their conversations on the left, the chosen conversation beside them. */
export function AgentsPage() {
  const [, params] = useRoute<Address>('/agents/:agent?/:session?')
  const { byId, heard, failure } = useAgents()
  const [edited, setEdited] = useState<Agent | 'new' | null>(null)
  if (!heard) return failure ? <Failed error={failure} /> : <SkeletonRows />

  const agents = inOrder(byId)
  const agent = params?.agent === undefined ? agents[0] : byId.get(params.agent)
  const sessionId = params?.session ?? null
  return (
    <>
      <VaultBanner />
      <div className={styles['page']}>
        {agents.length > 0 && (
          <AgentList
            agents={agents}
            current={agent ?? null}
            sessionId={sessionId}
            onCreate={() => setEdited('new')}
            onEdit={setEdited}
          />
        )}
        {agent ? (
          <AgentPane key={`${agent.id}/${sessionId ?? ''}`} agent={agent} sessionId={sessionId} onEdit={setEdited} />
        ) : (
          <Nobody some={agents.length > 0} onCreate={() => setEdited('new')} />
        )}
        {edited !== null && <AgentDialog agent={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      </div>
    </>
  )
}

function Nobody({ some, onCreate }: { readonly some: boolean; readonly onCreate: () => void }) {
  const t = useText()
  return (
    <div className={styles['pane']}>
      <EmptyState
        icon={MessagesSquare}
        title={t(some ? 'agents.agentGone' : 'agents.empty')}
        action={
          !some && (
            <Button variant="primary" icon={Plus} onClick={onCreate}>
              {t('agents.newAgent')}
            </Button>
          )
        }
      >
        {t(some ? 'agents.agentGoneText' : 'agents.emptyText')}
      </EmptyState>
    </div>
  )
}
