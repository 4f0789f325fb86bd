import type { Service, ServiceActionKind } from '../../../shared/contracts/services.ts'
import { assertNever } from '../../../shared/errors.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import type { Translate } from '../../i18n/language.ts'

/** What a service is doing, in words: "exited (137) out of memory", "unhealthy 3×", "restarting…". */
export function stateSentence(service: Service, t: Translate): string {
  if (service.requested !== null) return t(busyWords[service.requested])
  const { state } = service
  switch (state.kind) {
    case 'created':
      return t('services.stateCreated')
    case 'running':
      if (service.health === 'unhealthy')
        return t('services.stateUnhealthy', { times: String(Math.max(1, service.failingStreak)) })
      if (service.health === 'starting') return t('services.stateStarting')
      return service.health === 'healthy' ? t('services.stateHealthy') : t('services.stateRunning')
    case 'paused':
      return t('services.statePaused')
    case 'restarting':
      return state.exitCode === null
        ? t('services.stateRestarting')
        : t('services.stateRestartingAfter', { exitCode: String(state.exitCode) })
    case 'stopped':
      if (state.outOfMemory) return t('services.stateOutOfMemory', { exitCode: String(state.exitCode ?? 137) })
      if (state.exitCode === null) return t('services.stateStopped')
      return t('services.stateExited', { exitCode: String(state.exitCode) })
    case 'removing':
      return t('services.busyRemove')
    case 'dead':
      return t('services.stateDead')
    default:
      return assertNever(state)
  }
}

/** What is being done to a service while it is asked for: "restarting…". */
export const busyWords: Record<ServiceActionKind, TextKey> = {
  start: 'services.busyStart',
  stop: 'services.busyStop',
  restart: 'services.busyRestart',
  pause: 'services.busyPause',
  unpause: 'services.busyUnpause',
  kill: 'services.busyKill',
  remove: 'services.busyRemove',
  recreate: 'services.busyRecreate',
  setRestartPolicy: 'services.busySetRestartPolicy',
  rename: 'services.busyRename',
  connectNetwork: 'services.busyConnectNetwork',
  disconnectNetwork: 'services.busyDisconnectNetwork',
}

/** Why a service ended or fails, as far as its state tells, for the summary and the overview; null when all is well. */
export function causeSentence(service: Service, t: Translate): string | null {
  const { state } = service
  if (state.kind === 'running' && service.health === 'unhealthy') {
    return t('services.causeUnhealthy', { count: Math.max(1, service.failingStreak) })
  }
  if (state.kind === 'dead') return t('services.causeDead')
  if (state.kind === 'restarting') {
    return state.exitCode === null
      ? t('services.causeRestarting')
      : t('services.causeRestartingAfter', {
          exitCode: String(state.exitCode),
          meaning: exitMeaning(state.exitCode, t),
        })
  }
  if (state.kind !== 'stopped') return null
  if (state.outOfMemory) return t('services.causeOutOfMemory', { exitCode: String(state.exitCode ?? 137) })
  if (state.exitCode === null || [0, 130, 143].includes(state.exitCode)) return null
  return t('services.causeExited', { exitCode: String(state.exitCode), meaning: exitMeaning(state.exitCode, t) })
}

/** What an exit code says by convention of the shell and of Docker. */
function exitMeaning(exitCode: number, t: Translate): string {
  const known: Record<number, TextKey> = {
    0: 'services.exitDone',
    125: 'services.exitEngine',
    126: 'services.exitNotExecutable',
    127: 'services.exitNotFound',
    134: 'services.exitAborted',
    137: 'services.exitKilled',
    139: 'services.exitSegmentation',
    143: 'services.exitTerminated',
  }
  const key = known[exitCode]
  if (key) return t(key)
  if (exitCode > 128 && exitCode < 160) return t('services.exitSignal', { signal: String(exitCode - 128) })
  return t('services.exitOwn')
}

/** When the present state began: for the column "Uptime". Null where it says nothing. */
export function since(service: Service): number | null {
  const { state } = service
  if (state.kind === 'running' || state.kind === 'paused') return state.startedAt
  return state.kind === 'stopped' ? state.finishedAt : null
}
