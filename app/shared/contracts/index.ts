import { agents } from './agents.ts'
import { appLog } from './app-log.ts'
import { audit } from './audit.ts'
import { docker } from './docker.ts'
import { gateway } from './gateway.ts'
import { host } from './host.ts'
import { images } from './images.ts'
import { keys } from './keys.ts'
import { notices } from './notices.ts'
import { platform } from './platform.ts'
import { plugins } from './plugins.ts'
import { registry } from './registry.ts'
import { routing } from './routing.ts'
import { services } from './services.ts'
import { settings } from './settings.ts'
import { store } from './store.ts'
import { tasks } from './tasks.ts'
import { terminals } from './terminals.ts'
import { vault } from './vault.ts'

/** Every domain of the console. A domain is added here and nowhere else in app/shared. */
export const contracts = {
  ...{ agents, appLog, audit, docker, gateway, host, images, keys, notices, platform, plugins, registry, routing },
  ...{ services, settings, store, tasks, terminals, vault },
}
export type Contracts = typeof contracts
