import { fill, type SpokenLanguage } from '../../shared/errors.ts'

/** What the operating system shows for us: menu, tray, notifications, dialogs. The page has its own catalogues. */
const words = {
  name: { en: 'Pilothouse', zh: '驾驶舱' },
  file: { en: 'File', zh: '文件' },
  edit: { en: 'Edit', zh: '编辑' },
  view: { en: 'View', zh: '视图' },
  window: { en: 'Window', zh: '窗口' },
  help: { en: 'Help', zh: '帮助' },
  about: { en: 'About Pilothouse', zh: '关于驾驶舱' },
  settings: { en: 'Settings', zh: '设置' },
  hide: { en: 'Hide Pilothouse', zh: '隐藏驾驶舱' },
  hideOthers: { en: 'Hide others', zh: '隐藏其他' },
  showAll: { en: 'Show all', zh: '全部显示' },
  quit: { en: 'Quit Pilothouse', zh: '退出驾驶舱' },
  close: { en: 'Close window', zh: '关闭窗口' },
  undo: { en: 'Undo', zh: '撤销' },
  redo: { en: 'Redo', zh: '重做' },
  cut: { en: 'Cut', zh: '剪切' },
  copy: { en: 'Copy', zh: '复制' },
  paste: { en: 'Paste', zh: '粘贴' },
  selectAll: { en: 'Select all', zh: '全选' },
  overview: { en: 'Overview', zh: '概览' },
  services: { en: 'Services', zh: '服务' },
  images: { en: 'Images', zh: '镜像' },
  palette: { en: 'Command palette', zh: '命令面板' },
  reload: { en: 'Reload', zh: '重新加载' },
  zoomIn: { en: 'Zoom in', zh: '放大' },
  zoomOut: { en: 'Zoom out', zh: '缩小' },
  actualSize: { en: 'Actual size', zh: '实际大小' },
  fullScreen: { en: 'Full screen', zh: '全屏' },
  developerTools: { en: 'Developer tools', zh: '开发者工具' },
  minimize: { en: 'Minimize', zh: '最小化' },
  shortcuts: { en: 'Keyboard shortcuts', zh: '键盘快捷键' },

  open: { en: 'Open Pilothouse', zh: '打开驾驶舱' },
  restartService: { en: 'Restart {name}', zh: '重启 {name}' },
  showLogs: { en: 'Show logs of {name}', zh: '查看 {name} 的日志' },
  nothingToRestart: { en: 'No service needs a restart', zh: '没有需要重启的服务' },
  noLogs: { en: 'No service needs a look', zh: '没有需要查看的服务' },
  connecting: { en: 'Looking for Docker', zh: '正在连接 Docker' },
  unreachable: { en: 'Docker does not answer', zh: 'Docker 没有响应' },
  noServices: { en: 'No services', zh: '没有服务' },
  failedCount: { en: '{n} failed', zh: '{n} 个故障' },
  warnCount: { en: '{n} unhealthy', zh: '{n} 个不健康' },
  busyCount: { en: '{n} busy', zh: '{n} 个处理中' },
  okCount: { en: '{n} running', zh: '{n} 个运行中' },
  stoppedCount: { en: '{n} stopped', zh: '{n} 个已停止' },

  serviceFailed: { en: '{name} failed', zh: '{name} 出现故障' },
  servicesFailed: { en: '{n} services failed', zh: '{n} 个服务出现故障' },
  serviceUnhealthy: { en: '{name} is unhealthy', zh: '{name} 不健康' },
  servicesUnhealthy: { en: '{n} services are unhealthy', zh: '{n} 个服务不健康' },
  serviceRecovered: { en: '{name} is running again', zh: '{name} 已恢复' },
  servicesRecovered: { en: '{n} services are running again', zh: '{n} 个服务已恢复' },
  outOfMemory: { en: 'It ran out of memory.', zh: '内存不足。' },
  exitCode: { en: 'It ended with exit code {code}.', zh: '退出码 {code}。' },
  restarting: { en: 'Docker is restarting it.', zh: 'Docker 正在重启它。' },
  failedChecks: { en: '{n} health checks in a row failed.', zh: '健康检查连续失败 {n} 次。' },
  andMore: { en: '{names} and {n} more', zh: '{names} 等另外 {n} 个' },

  notResponding: { en: 'The window does not respond.', zh: '窗口没有响应。' },
  wait: { en: 'Wait', zh: '等待' },
  cannotStart: { en: 'Pilothouse cannot start', zh: '驾驶舱无法启动' },
  pageCrashed: { en: 'The page stopped twice in a short time.', zh: '页面在短时间内两次停止工作。' },
  pageCrashedAdvice: {
    en: 'The console itself and your services go on. Open it again; if it stops once more, the log in the data folder says why.',
    zh: '控制台本身和你的服务仍在运行。请重新打开；如果再次停止，数据目录中的日志会说明原因。',
  },
  openAgain: { en: 'Open again', zh: '重新打开' },
} as const
export type Word = keyof typeof words

export type Say = (word: Word, values?: Record<string, string | number>) => string

/** Words in one language. */
export const speak =
  (language: SpokenLanguage): Say =>
  (word, values = {}) =>
    fill(language === 'zh-CN' ? words[word].zh : words[word].en, values)

/** The language of the settings, or the first of the system's that we speak. */
export const spokenLanguage = (setting: 'system' | SpokenLanguage, system: string): SpokenLanguage => {
  if (setting !== 'system') return setting
  return system.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
