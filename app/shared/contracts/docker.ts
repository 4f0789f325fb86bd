import { z } from 'zod'
import { ErrorDetails } from '../errors.ts'
import { call, event } from '../rpc/contract.ts'

/** Where Docker is looked for. `auto`: DOCKER_HOST, the current Docker context, then the platform's usual sockets. */
export const DockerEndpoint = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('auto') }),
  z.object({ kind: z.literal('context'), name: z.string().min(1).max(256) }),
  z.object({ kind: z.literal('address'), address: z.string().min(1).max(1024) }),
])
export type DockerEndpoint = z.infer<typeof DockerEndpoint>

/** The connection as it is. Every failing state is an entry of the error table, so that it says what to do. */
export const DockerState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connecting'), endpoint: z.string() }),
  z.object({
    kind: z.literal('ready'),
    endpoint: z.string(),
    /** Which rule chose the endpoint: "DOCKER_HOST", "context NAME", "default socket", "settings". */
    chosenBy: z.string(),
    version: z.string(),
    apiVersion: z.string(),
    operatingSystem: z.string(),
    rootless: z.boolean(),
  }),
  z.object({
    kind: z.literal('failed'),
    endpoint: z.string(),
    code: z.enum(['DOCKER_UNREACHABLE', 'DOCKER_FORBIDDEN', 'DOCKER_TOO_OLD']),
    details: ErrorDetails,
    since: z.number(),
    /** When the next attempt is made. */
    retryAt: z.number(),
  }),
])
export type DockerState = z.infer<typeof DockerState>

export const DockerContext = z.object({ name: z.string(), address: z.string(), current: z.boolean() })
export type DockerContext = z.infer<typeof DockerContext>
export const DockerNetwork = z.object({ id: z.string(), name: z.string(), driver: z.string(), scope: z.string() })
export type DockerNetwork = z.infer<typeof DockerNetwork>

export const docker = {
  calls: {
    /** Tries again now instead of waiting for the next attempt. */
    reconnect: call(),
    contexts: call({ output: z.object({ contexts: z.array(DockerContext) }) }),
    networks: call({ output: z.object({ networks: z.array(DockerNetwork) }) }),
  },
  events: { state: event(DockerState) },
}
