import { MessageSquarePlus, Pencil, Plus, Trash2 } from 'lucide-react'
import type { Agent } from '../../../shared/contracts/agents.ts'
import { useText } from '../../i18n/language.ts'
import { Button } from '../../ui/Button.tsx'
import { classes } from '../../ui/classes.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import styles from './Agents.module.css'
import { removeAgent, removeSession } from './agent-actions.ts'
import { agentPath } from './agents-address.ts'
import { useSessions } from './use-agents.ts'

/** Every agent, and below them the conversations with the chosen one. */
export function AgentList({
  agents,
  current,
  sessionId,
  onCreate,
  onEdit,
}: {
  readonly agents: readonly Agent[]
  readonly current: Agent | null
  readonly sessionId: string | null
  readonly onCreate: () => void
  readonly onEdit: (agent: Agent) => void
}) {
  const t = useText()
  return (
    <nav className={styles['list']} aria-label={t('agents.agents')}>
      <ul className={styles['agents']}>
        {agents.map((agent) => {
          const { id, name, plugins, model } = agent
          return (
            <li key={id} className={classes(styles['row'], id === current?.id && styles['current'])}>
              <a
                href={`#${agentPath(id)}`}
                aria-current={id === current?.id ? 'true' : undefined}
                className={styles['link']}
              >
                <span className={styles['name']} title={name}>
                  {name}
                </span>
                <span className={styles['facts']}>
                  {model ?? t('agents.auto')} · {t('agents.pluginCount', { count: plugins.length })}
                </span>
              </a>
              <span className={styles['actions']}>
                <IconButton icon={Pencil} label={t('agents.editNamed', { name })} onClick={() => onEdit(agent)} />
                <IconButton
                  icon={Trash2}
                  label={t('agents.removeNamed', { name })}
                  onClick={() => void removeAgent(agent)}
                />
              </span>
            </li>
          )
        })}
      </ul>
      <div className={styles['foot']}>
        <Button icon={Plus} variant="quiet" onClick={onCreate}>
          {t('agents.newAgent')}
        </Button>
      </div>
      {current && <SessionList key={current.id} agent={current} sessionId={sessionId} />}
    </nav>
  )
}

function SessionList({ agent, sessionId }: { readonly agent: Agent; readonly sessionId: string | null }) {
  const t = useText()
  const sessions = useSessions(agent.id)
  return (
    <section className={styles['sessions']} aria-label={t('agents.sessions', { name: agent.name })}>
      <div className={styles['sessionsHead']}>
        <h2>{t('agents.conversations')}</h2>
        <a href={`#${agentPath(agent.id)}`} className={styles['new']}>
          <MessageSquarePlus size={16} strokeWidth={1.5} aria-hidden />
          {t('agents.newSession')}
        </a>
      </div>
      {sessions?.length === 0 && <p className={styles['none']}>{t('agents.noSessions')}</p>}
      <ul className={styles['scroll']}>
        {sessions?.map((session) => {
          const { id, title, updatedAt } = session
          const open = id === sessionId
          return (
            <li key={id} className={classes(styles['row'], open && styles['current'])}>
              <a
                href={`#${agentPath(agent.id, id)}`}
                aria-current={open ? 'page' : undefined}
                className={styles['link']}
              >
                <span className={styles['name']} title={title}>
                  {title}
                </span>
                <span className={styles['facts']}>
                  <RelativeTime time={updatedAt} />
                </span>
              </a>
              <span className={styles['actions']}>
                <IconButton
                  icon={Trash2}
                  label={t('agents.removeSessionNamed', { title })}
                  onClick={() => void removeSession(session, open)}
                />
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
