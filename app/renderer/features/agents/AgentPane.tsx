import { MessagesSquare } from 'lucide-react'
import type { Agent } from '../../../shared/contracts/agents.ts'
import { useText } from '../../i18n/language.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import styles from './Agents.module.css'
import { Composer } from './Composer.tsx'
import { Transcript } from './Transcript.tsx'
import { isCallable, useConversation, useInstalledPlugins } from './use-agents.ts'

/** One conversation with an agent: what was said, and the field to say more. */
export function AgentPane({
  agent,
  sessionId,
  onEdit,
}: {
  readonly agent: Agent
  readonly sessionId: string | null
  readonly onEdit: (agent: Agent) => void
}) {
  return (
    <section className={styles['pane']} aria-label={agent.name}>
      <MissingPlugins agent={agent} onEdit={onEdit} />
      {sessionId === null ? <Fresh agent={agent} /> : <Talk agent={agent} sessionId={sessionId} />}
    </section>
  )
}

/** An agent goes on without a plugin that was removed or switched off; whoever talks to it has to know. */
function MissingPlugins({ agent, onEdit }: { readonly agent: Agent; readonly onEdit: (agent: Agent) => void }) {
  const t = useText()
  const plugins = useInstalledPlugins()
  if (plugins === null) return null
  const missing = agent.plugins.flatMap((id) => {
    const plugin = plugins.find((one) => one.id === id)
    if (!plugin) return [`${id} (${t('agents.pluginGone')})`]
    return isCallable(plugin) ? [] : [`${plugin.name} (${t('agents.pluginOff')})`]
  })
  if (missing.length === 0) return null
  return (
    <Banner
      tone="warn"
      action={
        <Button label={t('agents.editNamed', { name: agent.name })} onClick={() => onEdit(agent)}>
          {t('agents.edit')}
        </Button>
      }
    >
      {t('agents.pluginsMissing', { name: agent.name, plugins: missing.join(', ') })}
    </Banner>
  )
}

function Fresh({ agent }: { readonly agent: Agent }) {
  const t = useText()
  return (
    <>
      <div className={styles['fresh']}>
        <EmptyState icon={MessagesSquare} title={t('agents.fresh', { name: agent.name })}>
          {agent.description || t('agents.freshText')}
        </EmptyState>
      </div>
      <Composer agent={agent} sessionId={null} busy={false} />
    </>
  )
}

function Talk({ agent, sessionId }: { readonly agent: Agent; readonly sessionId: string }) {
  const t = useText()
  const conversation = useConversation(sessionId)
  switch (conversation.kind) {
    case 'loading':
      return <SkeletonRows />
    case 'failed':
      return <Failed error={conversation.error} />
    case 'gone':
      return (
        <EmptyState icon={MessagesSquare} title={t('agents.sessionGone')}>
          {t('agents.sessionGoneText')}
        </EmptyState>
      )
    case 'open':
      return (
        <>
          <Transcript agent={agent} messages={conversation.messages} turn={conversation.turn} />
          <Composer agent={agent} sessionId={sessionId} busy={conversation.turn !== null} />
        </>
      )
  }
}
