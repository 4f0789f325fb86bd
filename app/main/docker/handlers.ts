import type { docker } from '../../shared/contracts/docker.ts'
import type { Handlers } from '../../shared/rpc/contract.ts'
import type { DockerConnection } from './engine.ts'

export const dockerHandlers = (connection: DockerConnection): Handlers<typeof docker> => ({
  reconnect: () => connection.reconnect(),
  contexts: async () => ({ contexts: await connection.contexts() }),
  networks: async () => ({ networks: await connection.engine().networks() }),
  onState: (emit) => connection.follow(emit),
})
