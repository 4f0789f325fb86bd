import type { Translation } from '../catalogue.ts'
import type { notices as en } from '../en/notices.ts'

export const notices: Translation<typeof en> = {
  DOCKER_IS_ROOT: '能使用本控制台的人就能使用 Docker，而本机的 Docker 等同于 root 权限。',
  DOCKER_IS_ROOT_advice: '请勿将启动时打印的链接交给他人，也不要让控制台停留在共用的屏幕上。',
  STORE_RESTORED: '数据库已从备份 {name} 恢复。',
  STORE_RESTORED_advice: '该备份之后的设置和审计记录保存在另存的旧文件中。',
  STORE_STARTED_EMPTY: '控制台已使用空数据库启动。',
  STORE_STARTED_EMPTY_advice: '损坏的文件已另存在同一目录，各项设置为默认值。',
  BACKUP_FAILED: '每日备份未完成：{reason}',
  BACKUP_FAILED_advice: '请检查数据目录的空间和权限，然后在“设置”中手动备份。',
  DISK_FULL: '{folder} 所在的磁盘已满，此刻的操作只显示、不记录。',
  DISK_FULL_advice: '请释放空间，之后会自动恢复记录。',
  ACTION_INTERRUPTED: '执行 {action}（{target}）期间控制台意外退出。',
  ACTION_INTERRUPTED_advice: '请查看操作是否已生效，未生效则重新执行。',
  ACTION_INTERRUPTED_restored: '容器已恢复原状。',
  ACTION_INTERRUPTED_bothKept: '新旧容器均已保留，请留下其一并删除另一个。',
  PLUGIN_FILES_LOST: '数据目录中 {name} {version} 的文件已丢失，该版本无法使用。',
  PLUGIN_FILES_LOST_advice: '请重新导入插件包，或回滚到其他版本。',
  LOG_NOT_WRITTEN: '无法写入控制台自身的日志：{reason}',
  LOG_NOT_WRITTEN_advice: '请检查数据目录的空间和权限。',
  AUDIT_BROKEN: '审计记录在第 {sequence} 条处不连贯，曾在控制台之外被改动。',
  AUDIT_BROKEN_advice: '该条之前的记录仍然有效，可在“设置”中与备份对照。',
}
