import type { DetailsUpdate, ServiceDetails } from '../../../shared/contracts/services.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import { looksSecret, MASK, maskArguments, maskText } from '../../lib/secrets.ts'
import type { ServiceRegistry } from './registry.ts'

/** Streams everything about one service: as it is, then at each change and after each health check. */
export function followDetails(registry: ServiceRegistry, id: string, emit: Emit<DetailsUpdate>): Unsubscribe {
  let sent = ''
  const tell = (details: ServiceDetails | null) => {
    const update: DetailsUpdate = details ? { kind: 'details', details: hideSecrets(details) } : { kind: 'gone' }
    const text = JSON.stringify(update)
    if (text === sent) return
    sent = text
    emit(update)
  }
  const stop = registry.watch(id, tell)
  const present = registry.details(id)
  if (present) tell(present)
  // Without Docker nothing is told now; the list of the next connection inspects whatever is watched.
  void registry.refresh(id)
  return stop
}

/** What a page may see: no value that looks like a secret leaves main by itself. */
export function hideSecrets(details: ServiceDetails): ServiceDetails {
  const { health } = details
  return {
    ...details,
    command: maskArguments(details.command),
    entrypoint: maskArguments(details.entrypoint),
    error: maskText(details.error),
    health: health && {
      ...health,
      test: maskArguments(health.test),
      checks: health.checks.map((check) => ({ ...check, output: maskText(check.output) })),
    },
    environment: details.environment.map(({ name, value }) => ({
      name,
      value: value === null || looksSecret(name, value) ? null : value,
    })),
    labels: details.labels.map(({ name, value }) => ({ name, value: maskLabel(name, value) })),
  }
}

/** Labels are read more than written down, so only the secret inside one is masked where its name is harmless. */
export function maskLabel(name: string, value: string): string {
  const masked = maskText(value)
  return masked === value && looksSecret(name, value) ? MASK : masked
}
