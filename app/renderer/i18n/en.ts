import { agents } from './en/agents.ts'
import { changes } from './en/changes.ts'
import { common } from './en/common.ts'
import { images } from './en/images.ts'
import { keys } from './en/keys.ts'
import { logs } from './en/logs.ts'
import { notices } from './en/notices.ts'
import { overview } from './en/overview.ts'
import { platform } from './en/platform.ts'
import { plugins } from './en/plugins.ts'
import { registry } from './en/registry.ts'
import { routing } from './en/routing.ts'
import { services } from './en/services.ts'
import { settings } from './en/settings.ts'
import { shell } from './en/shell.ts'
import { tasks } from './en/tasks.ts'
import { terminal } from './en/terminal.ts'
import { tryIt } from './en/try-it.ts'
import { vault } from './en/vault.ts'

export const en = {
  agents,
  changes,
  common,
  images,
  keys,
  logs,
  notices,
  overview,
  platform,
  plugins,
  registry,
  routing,
  services,
  settings,
  shell,
  tasks,
  terminal,
  tryIt,
  vault,
}
