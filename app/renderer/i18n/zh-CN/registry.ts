import type { Translation } from '../catalogue.ts'
import type { registry as en } from '../en/registry.ts'

export const registry: Translation<typeof en> = {
  title: '服务注册',
  label: '已注册的实例',
  intro: '调用方通过路径访问服务，请求由健康的实例轮流处理。',
  address: '地址',
  state: '状态',
  version: '版本',
  heartbeat: '最近心跳',
  requests: '请求数',
  errors: '错误数',
  up: '健康',
  countUp: '{count} 个实例健康',
  countDown: '{count} 个实例不可用',
  selected: '已选择 {count} 个实例',
  copyAddress: '复制 {url}',
  copyPath: '复制 {name} 的地址',
  copyCommand: '复制命令',
  remove: '移出',
  removeNamed: '移出 {url}',
  removeTitle: { one: '将 {url} 从 {name} 中移出？', other: '移出 {count} 个实例？' },
  removeText: '移出后不再向其转发请求。仍在运行的服务可能会自行重新注册。',
  removed: { one: '已移出 {url}', other: '已移出 {count} 个实例' },
  empty: '还没有服务注册',
  emptyText: '注册后的服务可通过网关的 /api/<名称>/… 访问。服务可以自行注册，也可以由您代为注册：',
}
