import type { services } from '../../../shared/contracts/services.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Caller, Handlers } from '../../../shared/rpc/contract.ts'
import type { Inspected } from '../../docker/engine.ts'
import { looksSecret } from '../../lib/secrets.ts'
import { type ActionParts, createServiceActions } from './actions.ts'
import { followDetails } from './details.ts'
import { previewRemoval } from './removal.ts'
import { runCommand } from './run-command.ts'

type Own = Omit<Handlers<typeof services>, 'exportLogs' | 'onStats' | 'onStatsHistory' | 'onLogs'>

/** What is asked of services, but for their streams (logs and readings). */
export function serviceHandlers(parts: ActionParts): Own {
  const { docker, registry, audit } = parts
  const actions = createServiceActions(parts)

  /** Names of variables go into the audit trail, never their values. */
  function noteReveal({ actor }: Caller, { container }: Inspected, variables: readonly string[]): void {
    audit.note({
      actor,
      action: 'environment.reveal',
      target: `service ${container.name}`,
      targetId: container.id,
      after: { variables },
    })
  }

  return {
    act: ({ ids, action }, { actor }) => actions.act(ids, action, actor),
    previewRemoval: async ({ ids }) => ({ items: await previewRemoval(docker.engine(), ids) }),
    async revealEnvironment({ id, name }, caller) {
      const inspected = await registry.inspect(id)
      const variable = inspected.details.environment.find((one) => one.name === name)
      if (!variable) throw new AppError('BAD_INPUT', { reason: `${inspected.container.name} has no variable ${name}` })
      noteReveal(caller, inspected, [name])
      return { value: variable.value ?? '' }
    },
    async runCommand({ id, reveal }, caller) {
      const inspected = await registry.inspect(id)
      const secret = inspected.details.environment.filter((one) => looksSecret(one.name, one.value ?? ''))
      if (reveal)
        noteReveal(
          caller,
          inspected,
          secret.map(({ name }) => name),
        )
      return { command: runCommand(inspected, reveal) }
    },
    onUpdates: (emit) => registry.follow(emit),
    onDetails: (emit, { id }) => followDetails(registry, id, emit),
  }
}
