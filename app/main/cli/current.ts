import type { Service } from '../../shared/contracts/services.ts'
import { AppError } from '../../shared/errors.ts'
import type { Rpc } from '../../shared/rpc/client.ts'
import type { Unsubscribe } from '../../shared/rpc/contract.ts'
import type { Session } from './session.ts'

const CONNECT_MS = 15_000
/** Parts that were just started list the engine's containers right after connecting; until then their list is empty. */
const FIRST_LIST_MS = 3_000

/** The services as they are, once Docker answers; fails with why it does not. */
export async function currentServices({ rpc, running }: Session): Promise<readonly Service[]> {
  await dockerReady(rpc)
  let snapshots = 0
  const services = await first<readonly Service[]>(running ? 0 : FIRST_LIST_MS, (resolve, reject, best) =>
    rpc.services.onUpdates(
      (update) => {
        if (update.kind !== 'snapshot') return
        if (running || update.services.length > 0 || ++snapshots > 1) resolve(update.services)
        else best(update.services)
      },
      undefined,
      reject,
    ),
  )
  return [...services].sort((a, b) => compare(a.project ?? '', b.project ?? '') || compare(a.name, b.name))
}
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const dockerReady = (rpc: Rpc) =>
  first<void>(CONNECT_MS, (resolve, reject, best) =>
    rpc.docker.onState(
      (state) => {
        if (state.kind === 'ready') resolve()
        else if (state.kind === 'failed') reject(new AppError(state.code, state.details))
        else best(new AppError('DOCKER_UNREACHABLE', { endpoint: state.endpoint, reason: 'it takes too long' }))
      },
      undefined,
      reject,
    ),
  )

/** The first payload that settles it; after `ms`, the best so far (an error is thrown). 0 waits without end. */
export async function first<T>(
  ms: number,
  listen: (
    resolve: (value: T) => void,
    reject: (error: Error) => void,
    best: (value: T | AppError) => void,
  ) => Unsubscribe,
): Promise<T> {
  let fallback: T | AppError | undefined
  let timer: NodeJS.Timeout | undefined
  let stop: Unsubscribe = () => {}
  try {
    return await new Promise<T>((resolve, reject) => {
      stop = listen(resolve, reject, (value) => {
        fallback = value
      })
      if (ms === 0) return
      timer = setTimeout(() => {
        if (fallback instanceof AppError) reject(fallback)
        else if (fallback !== undefined) resolve(fallback)
        else reject(new AppError('DISCONNECTED'))
      }, ms)
    })
  } finally {
    clearTimeout(timer)
    stop()
  }
}

/** The one service that is meant: by its name, else its name in a Compose project, else the beginning of its id. */
export function findService(services: readonly Service[], asked: string): Service {
  const ways: ((service: Service) => boolean)[] = [
    ({ id, name }) => id === asked || name === asked,
    ({ project, projectService }) => projectService === asked || `${project}/${projectService}` === asked,
    ({ id }) => asked.length >= 2 && id.startsWith(asked),
  ]
  for (const matches of ways) {
    const [one, ...more] = services.filter(matches)
    if (one && more.length === 0) return one
    if (one) {
      const candidates = [one, ...more].slice(0, 8).map(({ name, id }) => `${name} (${id.slice(0, 12)})`)
      throw new AppError('SERVICE_AMBIGUOUS', { name: asked, candidates: candidates.join(', ') })
    }
  }
  throw new AppError('SERVICE_UNKNOWN', { name: asked.slice(0, 200) })
}
