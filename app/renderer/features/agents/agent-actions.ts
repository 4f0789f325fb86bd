import { navigate } from 'wouter/use-hash-location'
import type { Agent, Session } from '../../../shared/contracts/agents.ts'
import { currentText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { confirm } from '../../shell/confirm.tsx'
import { run } from '../../shell/run.ts'
import { toast } from '../../shell/toasts.ts'
import { agentPath } from './agents-address.ts'

/** Says something; true when it is kept. The first words of a new conversation lead to it. */
export async function say(agentId: string, sessionId: string | null, text: string): Promise<boolean> {
  const kept = await run(rpc.agents.say({ agentId, sessionId, text }))
  if (!kept) return false
  if (sessionId === null) navigate(agentPath(agentId, kept.sessionId))
  return true
}

/** Asks first: what was said with it goes too, and nothing brings it back. */
export async function removeAgent({ id, name }: Agent): Promise<void> {
  const t = currentText()
  const yes = await confirm({
    title: t('agents.removeAgentTitle', { name }),
    children: t('agents.removeAgentText'),
    confirm: t('agents.remove'),
    danger: true,
  })
  if (!yes) return
  const done = await run(rpc.agents.remove({ ids: [id] }).then(() => true))
  if (!done) return
  navigate('/agents')
  toast({ text: t('agents.removedAgent', { name }) })
}

export async function removeSession({ id, agentId, title }: Session, current: boolean): Promise<void> {
  const t = currentText()
  const yes = await confirm({
    title: t('agents.removeSessionTitle', { title }),
    children: t('agents.removeSessionText'),
    confirm: t('agents.remove'),
    danger: true,
  })
  if (!yes) return
  const done = await run(rpc.agents.removeSessions({ ids: [id] }).then(() => true))
  if (done && current) navigate(agentPath(agentId))
}
