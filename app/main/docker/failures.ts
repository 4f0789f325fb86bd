import { AppError } from '../../shared/errors.ts'

/** An answer of the engine that is not a success. */
export interface Refusal {
  readonly status: number
  readonly body: Buffer
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no socket',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'the machine cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no answer in time',
  ENOTSOCK: 'it is not a socket',
}

/** What a request that got no answer means: DOCKER_FORBIDDEN or DOCKER_UNREACHABLE with a plain reason. */
export function transportFailure(error: unknown, endpoint: string): AppError {
  if (error instanceof AppError) return error
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return new AppError('DOCKER_FORBIDDEN', { endpoint }, { cause: error })
  const reason = reasons[code] ?? shorten(message)
  return new AppError('DOCKER_UNREACHABLE', { endpoint, reason }, { cause: error })
}

/** What the engine's refusal means; `name` is what was asked for. */
export function refusal({ status, body }: Refusal, name: string): AppError {
  const reason = engineMessage(body) || `HTTP ${status}`
  if (status === 404 && /no such container/i.test(reason)) return new AppError('SERVICE_NOT_FOUND', { name })
  if (status === 404 && /no such image/i.test(reason)) return new AppError('IMAGE_NOT_FOUND', { name })
  return new AppError('DOCKER_REFUSED', { status, reason })
}

function engineMessage(body: Buffer): string {
  const text = body.toString()
  try {
    const { message } = JSON.parse(text)
    if (typeof message === 'string') return shorten(message)
  } catch {
    // Not every refusal is JSON: a proxy before the engine may answer for it.
  }
  return shorten(text)
}
const shorten = (text: string) => text.trim().slice(0, 1000)
