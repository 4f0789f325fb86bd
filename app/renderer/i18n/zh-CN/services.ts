import type { Translation } from '../catalogue.ts'
import type { services as en } from '../en/services.ts'

export const services: Translation<typeof en> = {
  name: '名称',
  state: '状态',
  image: '镜像',
  restart: '重启',
  restartNamed: '重启 {name}',
  empty: '没有服务',
  emptyText: '此 Docker 引擎上的容器会自动出现在这里。',
}
