import { appLog } from './app-log.ts'
import { audit } from './audit.ts'
import { docker } from './docker.ts'
import { host } from './host.ts'
import { images } from './images.ts'
import { notices } from './notices.ts'
import { platform } from './platform.ts'
import { plugins } from './plugins.ts'
import { services } from './services.ts'
import { settings } from './settings.ts'
import { store } from './store.ts'
import { tasks } from './tasks.ts'
import { terminals } from './terminals.ts'

/** Every domain of the console. A domain is added here and nowhere else in app/shared. */
export const contracts = {
  ...{ appLog, audit, docker, host, images, notices, platform, plugins, services, settings, store, tasks, terminals },
}
export type Contracts = typeof contracts
