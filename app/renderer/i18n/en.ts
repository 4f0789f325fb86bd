import { changes } from './en/changes.ts'
import { common } from './en/common.ts'
import { images } from './en/images.ts'
import { logs } from './en/logs.ts'
import { notices } from './en/notices.ts'
import { overview } from './en/overview.ts'
import { platform } from './en/platform.ts'
import { plugins } from './en/plugins.ts'
import { services } from './en/services.ts'
import { settings } from './en/settings.ts'
import { shell } from './en/shell.ts'
import { tasks } from './en/tasks.ts'
import { terminal } from './en/terminal.ts'
import { tryIt } from './en/try-it.ts'

export const en = {
  changes,
  common,
  images,
  logs,
  notices,
  overview,
  platform,
  plugins,
  services,
  settings,
  shell,
  tasks,
  terminal,
  tryIt,
}
