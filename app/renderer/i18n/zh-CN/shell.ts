import type { Translation } from '../catalogue.ts'
import type { shell as en } from '../en/shell.ts'

export const shell: Translation<typeof en> = {
  pages: '页面',
  overview: '概览',
  services: '服务',
  images: '镜像',
  settings: '设置',
  attention: '{count} 项需要关注',
  search: '搜索页面、服务、操作…',
  statusBar: '状态栏',
  messages: '消息',
  copyCommand: '复制命令',
  disconnected: '驾驶舱没有响应，正在重试。当前显示的内容可能已过时。',
  connecting: '正在连接驾驶舱',
  refusedTitle: '这个链接已经用过了',
  refusedText: '驾驶舱启动时打印的链接只能登录一个浏览器。请重新打开该链接，或重启驾驶舱获取新的链接。',
  refusedCommand: '启动命令',
  crashTitle: '此页面无法显示',
  crashText: '驾驶舱本身仍在运行。请重新加载页面；若问题依旧，请复制详情并发给协助您的人。',
  reload: '重新加载',
}
