import type { Translation } from '../catalogue.ts'
import type { terminal as en } from '../en/terminal.ts'

export const terminal: Translation<typeof en> = {
  of: '{name} 的终端',
  command: '命令',
  commandPlaceholder: '默认打开 shell，也可填写命令，如 psql -U postgres',
  openQuote: '引号没有闭合。',
  start: '启动',
  again: '重新打开',
  ended: '程序已结束。',
  endedWith: '程序已结束，退出码 {code}。',
  notRunning: '{name} 未在运行，启动后才能打开终端。',
}
