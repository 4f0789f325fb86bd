import type { Service, ServiceActionKind } from '../../../shared/contracts/services.ts'

/** Actions without a question, and those that open a dialog first. The letter is the shortcut shown in ⋯. */
export const actionShortcuts: Partial<Record<ServiceActionKind, string>> = {
  restart: 'R',
  stop: 'S',
  start: 'S',
  pause: 'P',
  unpause: 'P',
  remove: 'Delete',
}

/** Whether an action makes sense for a service as it is. */
export function canDo(kind: ServiceActionKind, service: Service): boolean {
  if (service.requested !== null) return false
  const { kind: state } = service.state
  const up = state === 'running' || state === 'paused' || state === 'restarting'
  switch (kind) {
    case 'start':
      return !up && state !== 'removing' && state !== 'dead'
    case 'stop':
    case 'kill':
      return up
    case 'restart':
      return state !== 'removing' && state !== 'dead' && state !== 'paused'
    case 'pause':
      return state === 'running'
    case 'unpause':
      return state === 'paused'
    case 'remove':
      return state !== 'removing'
    default:
      return state !== 'removing' && state !== 'dead'
  }
}

/** The ids of a selection that an action applies to; the rest is left alone and said so. */
export const applicable = (kind: ServiceActionKind, services: readonly Service[]): string[] =>
  services.filter((service) => canDo(kind, service)).map((service) => service.id)

/** The one action behind `s`: stop what is up, start what is not. */
export const startOrStop = (service: Service): 'start' | 'stop' => (canDo('stop', service) ? 'stop' : 'start')
export const pauseOrUnpause = (service: Service): 'pause' | 'unpause' =>
  service.state.kind === 'paused' ? 'unpause' : 'pause'
