import type { Catalogue } from './catalogue.ts'
import { agents } from './zh-CN/agents.ts'
import { changes } from './zh-CN/changes.ts'
import { common } from './zh-CN/common.ts'
import { images } from './zh-CN/images.ts'
import { keys } from './zh-CN/keys.ts'
import { logs } from './zh-CN/logs.ts'
import { notices } from './zh-CN/notices.ts'
import { overview } from './zh-CN/overview.ts'
import { platform } from './zh-CN/platform.ts'
import { plugins } from './zh-CN/plugins.ts'
import { registry } from './zh-CN/registry.ts'
import { routing } from './zh-CN/routing.ts'
import { services } from './zh-CN/services.ts'
import { settings } from './zh-CN/settings.ts'
import { shell } from './zh-CN/shell.ts'
import { tasks } from './zh-CN/tasks.ts'
import { terminal } from './zh-CN/terminal.ts'
import { tryIt } from './zh-CN/try-it.ts'
import { vault } from './zh-CN/vault.ts'

export const zhCN: Catalogue = {
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
