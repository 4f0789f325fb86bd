import { randomUUID } from 'node:crypto'
import { type Agent, AgentFacts, type AgentsUpdate } from '../../../shared/contracts/agents.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Asker } from '../../lib/asker.ts'
import type { Audit } from '../../lib/audit.ts'
import { createEmitter } from '../../lib/emitter.ts'
import { fromJson } from '../../lib/json.ts'
import { maskText } from '../../lib/secrets.ts'

export const MOST_AGENTS = 500
/** Characters of the instructions in a line of the audit trail. */
const TOLD = 500

export type FactsChange = { readonly [K in keyof AgentFacts]?: AgentFacts[K] | undefined }
interface Row {
  readonly id: string
  readonly facts: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** The agents. A change and its line in the audit trail are one transaction; pages follow when it is written. */
export function createAgentList(parts: { readonly db: Db; readonly audit: Audit; readonly clock: () => number }) {
  const { db, audit, clock } = parts
  const updates = createEmitter<AgentsUpdate>()
  const held = new Map<string, Agent>()
  const rows = db.all<Row>(
    'SELECT id, facts, created_at AS createdAt, updated_at AS updatedAt FROM agents ORDER BY created_at, id',
  )
  for (const { facts, ...row } of rows) {
    const read = AgentFacts.safeParse(fromJson(facts))
    if (read.success) held.set(row.id, { ...row, ...read.data })
  }

  function find(id: string): Agent {
    const agent = held.get(id)
    if (!agent) throw new AppError('AGENT_NOT_FOUND', { name: id.slice(0, 100) })
    return agent
  }
  function write(next: Agent, before: Agent | null, { actor, userId }: Asker): Agent {
    const { id, createdAt, updatedAt, ...facts } = next
    db.transaction(() => {
      db.run(
        `INSERT INTO agents (id, facts, created_at, updated_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET facts = excluded.facts, updated_at = excluded.updated_at`,
        ...[id, JSON.stringify(facts), createdAt, updatedAt],
      )
      audit.note({
        ...{ actor, action: before ? 'agent.change' : 'agent.create', target: `agent ${next.name}`, targetId: id },
        ...(before && { before: about(before) }),
        after: { ...about(next), ...(userId ? { userId } : {}) },
      })
      db.afterCommit(() => {
        held.set(id, next)
        updates.emit({ kind: 'change', upserted: [next], removed: [] })
      })
    })
    return next
  }

  return {
    find,
    list: (): Agent[] => [...held.values()],
    create(facts: AgentFacts, asker: Asker): Agent {
      if (held.size >= MOST_AGENTS)
        throw new AppError('BAD_INPUT', { reason: `there are ${MOST_AGENTS} agents; remove one first` })
      const at = clock()
      const agent = { ...facts, plugins: [...new Set(facts.plugins)], id: randomUUID(), createdAt: at, updatedAt: at }
      return write(agent, null, asker)
    },
    change(id: string, change: FactsChange, asker: Asker): Agent {
      const before = find(id)
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      return write({ ...before, ...given, updatedAt: clock() }, before, asker)
    },
    /** All or none, with what was said with them. */
    remove(ids: readonly string[], { actor, userId }: Asker): void {
      const gone = [...new Set(ids)].map(find)
      db.transaction(() => {
        for (const agent of gone) {
          db.run('DELETE FROM agents WHERE id = ?', agent.id)
          const subject = { actor, action: 'agent.remove', target: `agent ${agent.name}`, targetId: agent.id }
          audit.note({ ...subject, before: about(agent), ...(userId && { after: { userId } }) })
        }
        db.afterCommit(() => {
          for (const { id } of gone) held.delete(id)
          updates.emit({ kind: 'change', upserted: [], removed: gone.map(({ id }) => id) })
        })
      })
    },
    follow(emit: Emit<AgentsUpdate>): Unsubscribe {
      emit({ kind: 'snapshot', agents: [...held.values()] })
      return updates.listen((update) => void emit(update))
    },
  }
}
export type AgentList = ReturnType<typeof createAgentList>

/** An operator may have written a secret into the instructions. */
const about = ({ name, description, instructions, plugins, model }: Agent) => ({
  ...{ name, description, plugins, model },
  instructions: maskText(instructions).slice(0, TOLD),
})
