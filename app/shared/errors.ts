import { z } from 'zod'
import { detailsInChinese } from './reason-in-chinese.ts'

/** Values that a sentence names: the service, the port, the reason. Never a secret. */
export const ErrorDetails = z.record(z.string(), z.union([z.string(), z.number()]))
export type ErrorDetails = z.infer<typeof ErrorDetails>

interface Sentence {
  readonly en: string
  readonly zh: string
}
/** What happened (`{name}` is filled from the details) and, where something can be done, what to do. */
interface ErrorEntry extends Sentence {
  readonly advice?: Sentence
}

/** Every failure a user can meet. One table: code, sentence in both languages, what to do. */
export const errors = {
  BAD_INPUT: { en: 'The request was not understood: {reason}', zh: '无法理解该请求：{reason}' },
  DISCONNECTED: {
    en: 'The connection to the console was lost.',
    zh: '与驾驶舱的连接已断开。',
    advice: { en: 'It reconnects by itself; try again then.', zh: '连接会自动恢复，恢复后请重试。' },
  },
  CANCELLED: { en: 'Cancelled.', zh: '已取消。' },
  INTERNAL: {
    en: 'Something in the console failed (incident {incident}).',
    zh: '驾驶舱内部出错（事件 {incident}）。',
    advice: { en: 'The log under Settings has the details.', zh: '详情见“设置”中的日志。' },
  },
  DOCKER_UNREACHABLE: {
    en: 'Docker does not answer at {endpoint}: {reason}',
    zh: 'Docker 在 {endpoint} 没有响应：{reason}',
    advice: {
      en: 'Start Docker, or choose another endpoint under Settings.',
      zh: '请启动 Docker，或在“设置”中选择其他端点。',
    },
  },
  DOCKER_FORBIDDEN: {
    en: 'Docker at {endpoint} refuses this user.',
    zh: '{endpoint} 的 Docker 拒绝了当前用户。',
    advice: {
      en: 'Add your user to the docker group, then sign in again.',
      zh: '请将当前用户加入 docker 组，然后重新登录。',
    },
  },
  DOCKER_TOO_OLD: {
    en: 'Docker {version} speaks API {api}; the console needs 1.41 or newer.',
    zh: 'Docker {version} 的 API 版本为 {api}，驾驶舱需要 1.41 或更高。',
    advice: { en: 'Update Docker to 20.10 or newer.', zh: '请将 Docker 更新到 20.10 或更高版本。' },
  },
  DOCKER_REFUSED: { en: 'Docker refused ({status}): {reason}', zh: 'Docker 拒绝了请求（{status}）：{reason}' },
  SERVICE_NOT_FOUND: { en: 'The service {name} no longer exists.', zh: '服务 {name} 已不存在。' },
  SERVICE_UNKNOWN: { en: 'No service is called {name}.', zh: '没有名为 {name} 的服务。' },
  SERVICE_AMBIGUOUS: {
    en: '{name} means more than one service: {candidates}.',
    zh: '{name} 对应多个服务：{candidates}。',
  },
  SERVICE_BUSY: { en: '{name} is busy: {action} is still running.', zh: '{name} 正忙：{action} 尚未完成。' },
  ACTION_PARTLY_FAILED: {
    en: '{failed} of {total} did not succeed. First: {name}: {reason}',
    zh: '{total} 项中有 {failed} 项未成功。第一项：{name}：{reason}',
    advice: { en: 'The task list names each.', zh: '任务列表中列出了每一项。' },
  },
  RECREATE_ROLLED_BACK: {
    en: '{name} could not be recreated: {reason} The old container was put back.',
    zh: '{name} 未能重建：{reason} 已恢复原容器。',
  },
  RECREATE_NOT_ROLLED_BACK: {
    en: '{name} could not be recreated: {reason} The old container is kept as {aside}.',
    zh: '{name} 未能重建：{reason} 原容器已保留为 {aside}。',
    advice: {
      en: 'It is put back by itself at the next connection to Docker.',
      zh: '下次连接 Docker 时会自动还原。',
    },
  },
  RECREATE_AUTO_REMOVED: {
    en: '{name} was started with --rm: it disappears when it stops, so it cannot be recreated safely.',
    zh: '{name} 以 --rm 启动，停止后即消失，无法安全重建。',
  },
  NOT_RUNNING: { en: '{name} is not running.', zh: '{name} 未在运行。' },
  TERMINAL_NOT_FOUND: { en: 'That terminal has ended.', zh: '该终端已结束。' },
  TERMINAL_NO_SHELL: {
    en: 'No shell was found in {name}.',
    zh: '{name} 中没有找到 shell。',
    advice: { en: 'Give a command that exists in the image.', zh: '请填写镜像中存在的命令。' },
  },
  TERMINAL_TOO_MANY: {
    en: '{most} terminals are open; no more are opened.',
    zh: '已打开 {most} 个终端，无法再打开。',
    advice: { en: 'Close one, then try again.', zh: '请先关闭一个终端，然后重试。' },
  },
  INTERRUPTED: {
    en: 'The console ended before this was finished; it may or may not have happened.',
    zh: '驾驶舱在完成前退出，该操作可能已生效，也可能未生效。',
    advice: { en: 'Look at the present state before you repeat it.', zh: '重复操作前请先查看当前状态。' },
  },
  TASK_NOT_FOUND: { en: 'That task is not in the list any more.', zh: '该任务已不在列表中。' },
  DATA_FOLDER_IN_USE: {
    en: 'Another Pilothouse (process {pid}) uses the data folder {folder}.',
    zh: '另一个驾驶舱（进程 {pid}）正在使用数据目录 {folder}。',
    advice: {
      en: 'Use that window, or start with --data and another folder.',
      zh: '请使用已打开的窗口，或用 --data 指定其他目录启动。',
    },
  },
  DATA_FOLDER_UNUSABLE: {
    en: 'The data folder {folder} cannot be used: {reason}',
    zh: '数据目录 {folder} 无法使用：{reason}',
  },
  DISK_FULL: {
    en: 'The disk that holds {folder} is full; nothing was changed.',
    zh: '{folder} 所在的磁盘已满，未做任何更改。',
    advice: { en: 'Free some space, then try again.', zh: '请释放空间后重试。' },
  },
  STORE_DAMAGED: {
    en: 'The database is damaged: {reason}',
    zh: '数据库已损坏：{reason}',
    advice: {
      en: 'Restore the last good backup, or start with an empty database; the damaged file is kept.',
      zh: '请恢复最近的完好备份，或以空数据库启动；损坏的文件会保留。',
    },
  },
  STORE_TOO_NEW: {
    en: 'The database was written by a newer Pilothouse (schema {found}, this one knows {known}).',
    zh: '数据库由更新版本的驾驶舱写入（结构版本 {found}，当前支持到 {known}）。',
    advice: { en: 'Update Pilothouse, or use another data folder.', zh: '请更新驾驶舱，或使用其他数据目录。' },
  },
  BACKUP_NOT_FOUND: { en: 'The backup {name} is not there any more.', zh: '备份 {name} 已不存在。' },
  BACKUP_DAMAGED: { en: 'The backup {name} is damaged: {reason}', zh: '备份 {name} 已损坏：{reason}' },
  CONSOLE_NOT_RUNNING: {
    en: 'No console is running on the data folder {folder}.',
    zh: '没有驾驶舱正在使用数据目录 {folder}。',
    advice: { en: 'Start one with `pilothouse serve`.', zh: '请用 `pilothouse serve` 启动。' },
  },
  PORT_IN_USE: {
    en: 'Port {port} on 127.0.0.1 is taken.',
    zh: '127.0.0.1 的端口 {port} 已被占用。',
    advice: {
      en: 'Choose another with --port, or none for a free one.',
      zh: '请用 --port 指定其他端口，或不指定以自动选择。',
    },
  },
  PACKAGE_REFUSED: { en: 'The package cannot be read: {reason}', zh: '无法读取该插件包：{reason}' },
  PACKAGE_TIME_LIMIT: {
    en: 'Reading the package took longer than {seconds} s and was ended.',
    zh: '读取插件包超过 {seconds} 秒，已终止。',
  },
  PACKAGE_NOTHING_FOUND: {
    en: '{name} holds no plugin that can be used; {count} findings say why.',
    zh: '{name} 中没有可用的插件，{count} 条检查结果说明了原因。',
  },
  UPLOAD_NOT_FOUND: {
    en: 'That upload is not under way any more.',
    zh: '该上传已不在进行中。',
    advice: { en: 'Begin it again.', zh: '请重新开始。' },
  },
  UPLOAD_TOO_LARGE: {
    en: '{name} is larger than {megabytes} MB, the most that is taken.',
    zh: '{name} 超过了允许的最大值 {megabytes} MB。',
  },
  UPLOAD_INCOMPLETE: {
    en: '{name} did not arrive whole: {received} of {expected} bytes.',
    zh: '{name} 未完整到达：{received} / {expected} 字节。',
  },
  PLUGIN_NOT_FOUND: { en: 'There is no plugin {name}.', zh: '没有名为 {name} 的插件。' },
  PLUGIN_VERSION_NOT_FOUND: { en: '{name} has no such version.', zh: '{name} 没有该版本。' },
  PLUGIN_VERSION_UNUSABLE: {
    en: '{version} of {name} cannot be activated: {reason}',
    zh: '{name} 的 {version} 无法启用：{reason}',
  },
  PLUGIN_BUSY: { en: '{name} is busy: {action} is still running.', zh: '{name} 正忙：{action} 尚未完成。' },
  PLUGIN_NOT_ACTIVE: {
    en: '{name} is not active.',
    zh: '{name} 未启用。',
    advice: { en: 'Enable it first.', zh: '请先启用。' },
  },
  PLUGIN_NOT_CONFIGURED: {
    en: '{name} needs a value for {fields}.',
    zh: '{name} 需要填写 {fields}。',
    advice: { en: 'Fill it in under Configuration.', zh: '请在“配置”中填写。' },
  },
  TOOL_NOT_FOUND: { en: '{plugin} has no tool {tool}.', zh: '{plugin} 没有工具 {tool}。' },
  TOOL_DISABLED: {
    en: '{tool} cannot be called: {reason}',
    zh: '无法调用 {tool}：{reason}',
    advice: { en: 'Its findings say at which line.', zh: '检查结果中标明了具体行。' },
  },
  ARGUMENT_MISSING: { en: 'The argument {names} is required.', zh: '缺少必填参数 {names}。' },
  ARGUMENT_INVALID: { en: 'The argument {name} is not right: {reason}', zh: '参数 {name} 不正确：{reason}' },
  ADDRESS_FORBIDDEN: {
    en: '{address} may not be called: {reason}',
    zh: '不允许访问 {address}：{reason}',
    advice: {
      en: 'Settings allow plugins to call this machine and private networks; metadata addresses never are.',
      zh: '可在“设置”中允许插件访问本机和私有网络；元数据地址始终不允许。',
    },
  },
  UPSTREAM_UNREACHABLE: { en: '{host} cannot be reached: {reason}', zh: '无法连接 {host}：{reason}' },
  UPSTREAM_TIMEOUT: { en: '{host} did not answer within {seconds} s.', zh: '{host} 在 {seconds} 秒内没有响应。' },
  UPSTREAM_FAILED: { en: '{host} answered {status}.', zh: '{host} 返回了 {status}。' },
  RESPONSE_TOO_LARGE: {
    en: 'The answer of {host} is larger than {megabytes} MB.',
    zh: '{host} 的响应超过 {megabytes} MB。',
  },
  RESPONSE_UNREADABLE: { en: 'The answer of {host} cannot be read: {reason}', zh: '无法读取 {host} 的响应：{reason}' },
  OAUTH_SIGN_IN_NEEDED: {
    en: '{name} is not signed in.',
    zh: '{name} 尚未授权登录。',
    advice: { en: 'Sign in under Configuration.', zh: '请在“配置”中完成授权。' },
  },
  OAUTH_REFUSED: { en: '{host} refused to hand out a token: {reason}', zh: '{host} 拒绝发放令牌：{reason}' },
  CALL_NOT_FOUND: { en: 'That call is not in the history any more.', zh: '该调用已不在历史记录中。' },
  CALL_TOO_MANY: { en: '{most} calls are under way; no more are begun.', zh: '正在进行 {most} 个调用，无法再发起。' },
  WATCHED_FOLDER_UNUSABLE: { en: '{path} cannot be watched: {reason}', zh: '无法监视 {path}：{reason}' },
  PLUGIN_BACKUP_UNUSABLE: { en: 'The plugin backup cannot be used: {reason}', zh: '插件备份无法使用：{reason}' },
  PATH_UNKNOWN: { en: 'Nothing answers {method} {path}.', zh: '没有接口响应 {method} {path}。' },
  FOREIGN_HOST: {
    en: 'The local platform answers only to names of this machine, not to {host}.',
    zh: '本地平台只响应本机名称，不响应 {host}。',
  },
  FOREIGN_ORIGIN: {
    en: 'Pages of {origin} may not use the local platform.',
    zh: '不允许 {origin} 的页面访问本地平台。',
  },
  TOKEN_NEEDED: {
    en: 'Open local mode is off: a gateway token is needed.',
    zh: '开放本地模式已关闭，需要网关令牌。',
    advice: {
      en: 'Create one under Keys, and send it as Authorization: Bearer.',
      zh: '请在“密钥”中创建令牌，并以 Authorization: Bearer 发送。',
    },
  },
  KEY_NOT_FOUND: { en: 'There is no key {name}.', zh: '没有密钥 {name}。' },
  KEY_DUPLICATE_SECRET: {
    en: 'The key {name} has the same secret already.',
    zh: '密钥 {name} 已使用相同的密钥值。',
    advice: { en: 'Change that one, or remove it first.', zh: '请修改该密钥，或先将其删除。' },
  },
  KEY_NAME_TAKEN: { en: '{vendor} has a key called {name} already.', zh: '{vendor} 已有名为 {name} 的密钥。' },
  KEY_NEEDS_ADDRESS: {
    en: 'A key of {vendor} needs a base URL.',
    zh: '{vendor} 的密钥需要填写基础地址。',
    advice: { en: 'For example http://127.0.0.1:11434/v1.', zh: '例如 http://127.0.0.1:11434/v1。' },
  },
  KEY_ADDRESS_NEEDS_SECRET: {
    en: 'The secret of {name} does not go to another address unasked.',
    zh: '{name} 的密钥内容不会自动发往其他地址。',
    advice: { en: 'Give the secret for the new address as well.', zh: '请同时填写用于新地址的密钥内容。' },
  },
  KEY_FILE_PASSPHRASE: {
    en: 'That passphrase does not open the file.',
    zh: '该口令无法打开此文件。',
    advice: {
      en: 'It is the one that was chosen for the export. A file that was changed since does not open either.',
      zh: '请输入导出时设置的口令；文件若在导出后被改动，也无法打开。',
    },
  },
  KEY_VAULT_LOCKED: {
    en: 'The vault is locked.',
    zh: '密钥库已锁定。',
    advice: {
      en: 'Unlock it with its passphrase, under Keys, Routing or Settings.',
      zh: '请在“密钥”“路由”或“设置”中输入口令解锁。',
    },
  },
  VAULT_PASSPHRASE_WRONG: { en: 'That is not the passphrase of the vault.', zh: '密钥库口令不正确。' },
  VAULT_TRY_LATER: {
    en: 'Too many wrong passphrases. Try again in {seconds} s.',
    zh: '口令错误次数过多，请在 {seconds} 秒后重试。',
  },
  VAULT_NO_PASSPHRASE: {
    en: 'The vault has no passphrase to unlock it with.',
    zh: '密钥库没有设置口令，锁定后将无法解锁。',
    advice: { en: 'Set one under Settings first.', zh: '请先在“设置”中设置口令。' },
  },
  KEY_FILE_UNREADABLE: { en: 'Line {line} cannot be read: {reason}', zh: '第 {line} 行无法读取：{reason}' },
  FEATURE_NOT_FOUND: { en: 'There is no feature {name}.', zh: '没有功能 {name}。' },
  FEATURE_SEEDED: {
    en: '{name} is part of every console and stays.',
    zh: '{name} 是内置功能，不能删除。',
    advice: { en: 'Take its candidates out to stop serving it.', zh: '移除其候选项即可停止服务。' },
  },
  REVISION_STALE: {
    en: '{name} was changed meanwhile: it is at revision {present}, not {given}.',
    zh: '{name} 已被他人修改：当前修订号为 {present}，而不是 {given}。',
    advice: { en: 'Read it again, then repeat your change.', zh: '请重新读取后再修改。' },
  },
  REVISION_NOT_FOUND: { en: '{name} has no revision {revision}.', zh: '{name} 没有修订号 {revision}。' },
  RULES_UNREADABLE: { en: 'Line {line}: {reason}', zh: '第 {line} 行：{reason}' },
  NO_CANDIDATE: {
    en: 'Nothing can serve {feature} now: {reasons}',
    zh: '目前没有可用于 {feature} 的候选项：{reasons}',
    advice: { en: 'Its route says what each one waits for.', zh: '“路由”中列出了每一项的原因。' },
  },
  GATEWAY_LOOP: {
    en: 'The request has passed a gateway eight times: the address of a key leads back to it.',
    zh: '请求已八次经过网关：某个密钥的地址指回了网关自身。',
    advice: { en: 'Correct that key’s address under Keys.', zh: '请在“密钥”中更正该密钥的地址。' },
  },
  REQUEST_OVER_LIMIT: {
    en: 'The request may take {tokens} tokens, and no key for {feature} takes so many in a minute.',
    zh: '该请求约需 {tokens} 个 token，超过了 {feature} 所有密钥每分钟的 token 上限。',
    advice: {
      en: 'Send less, ask for a shorter answer, or raise the limit of tokens a minute of a key.',
      zh: '请减少内容或缩短回答，或提高密钥的每分钟 token 上限。',
    },
  },
  MODEL_UNKNOWN: { en: 'No candidate serves the model {model}.', zh: '没有候选项提供模型 {model}。' },
  VENDOR_FAILED: {
    en: '{vendor} did not serve it ({status}): {reason}',
    zh: '{vendor} 未能完成请求（{status}）：{reason}',
  },
  VENDOR_CANNOT: { en: '{vendor} does not offer {what}.', zh: '{vendor} 不支持 {what}。' },
  TOKEN_UNKNOWN: {
    en: 'That gateway token is unknown, expired or revoked.',
    zh: '该网关令牌不存在、已过期或已撤销。',
    advice: { en: 'Create another under Keys.', zh: '请在“密钥”中创建新的令牌。' },
  },
  TOKEN_SCOPE: { en: 'The token {name} does not open {what}.', zh: '令牌 {name} 无权访问 {what}。' },
  TOKEN_LIMIT: { en: 'The token {name} has reached its limit of {limit}.', zh: '令牌 {name} 已达到上限：{limit}。' },
  TOKEN_NOT_FOUND: { en: 'There is no gateway token {name}.', zh: '没有网关令牌 {name}。' },
  AGENT_NOT_FOUND: { en: 'There is no agent {name}.', zh: '没有智能体 {name}。' },
  SESSION_NOT_FOUND: { en: 'There is no conversation {name} with this agent.', zh: '该智能体没有对话 {name}。' },
  SESSION_BUSY: {
    en: 'An answer is still being made in this conversation.',
    zh: '该对话正在生成回答。',
    advice: { en: 'Wait for it, or stop it.', zh: '请等待完成，或将其停止。' },
  },
  AGENT_ROUNDS: {
    en: 'The model asked for tools {most} times in a row and gave no answer.',
    zh: '模型连续 {most} 次要求调用工具，没有给出回答。',
    advice: { en: 'Ask for less at once, or change the instructions.', zh: '请缩小单次请求的范围，或修改指令。' },
  },
  JOB_NOT_FOUND: { en: 'There is no job {name}.', zh: '没有作业 {name}。' },
  SERVICE_NOT_REGISTERED: { en: 'No service is registered as {name}.', zh: '没有注册名为 {name} 的服务。' },
  NO_HEALTHY_UPSTREAM: { en: 'No instance of {name} is healthy: {reasons}', zh: '{name} 没有健康的实例：{reasons}' },
  INSTANCE_NOT_FOUND: {
    en: 'There is no instance {name}.',
    zh: '没有实例 {name}。',
    advice: { en: 'It has to register again.', zh: '请重新注册。' },
  },
  PLATFORM_NOT_RUNNING: {
    en: 'The local platform is not running: {reason}',
    zh: '本地平台未运行：{reason}',
    advice: { en: 'It starts again by itself; its state is under Services.', zh: '它会自动重启，状态见“服务”。' },
  },
  IMAGE_NOT_FOUND: { en: 'The image {name} no longer exists.', zh: '镜像 {name} 已不存在。' },
  WRONG_USE: { en: '{reason}', zh: '{reason}' },
  NOT_SUPPORTED: { en: 'This host cannot do that: {reason}', zh: '当前环境不支持：{reason}' },
  DATA_KEY_UNUSABLE: { en: 'The data key {path} cannot be used: {reason}', zh: '数据密钥 {path} 无法使用：{reason}' },
  SECRET_UNREADABLE: {
    en: 'The stored secret {name} cannot be opened with this data key.',
    zh: '无法用当前数据密钥打开已保存的密钥 {name}。',
    advice: { en: 'Enter it again.', zh: '请重新输入。' },
  },
  FILE_NOT_WRITTEN: { en: '{path} could not be written: {reason}', zh: '无法写入 {path}：{reason}' },
} as const satisfies Record<string, ErrorEntry>
export type ErrorCode = keyof typeof errors

export type SpokenLanguage = 'en' | 'zh-CN'

/** A failure that a user can understand: a code of the table and what its sentence names. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(fill(errors[code].en, details), options)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}

/** The code a peer sent, or INTERNAL for one that this version does not know. */
export const knownCode = (code: string): ErrorCode => (Object.hasOwn(errors, code) ? (code as ErrorCode) : 'INTERNAL')

/** The sentence and the advice of a failure in one language. What a detail says in Chinese is told beside it: `reasonZh`. */
export function describeError(
  code: ErrorCode,
  details: ErrorDetails,
  language: SpokenLanguage,
): { readonly sentence: string; readonly advice: string | null } {
  const entry: ErrorEntry = errors[code]
  const pick = (text: Sentence) =>
    language === 'zh-CN' ? fill(text.zh, detailsInChinese(details)) : fill(text.en, details)
  return { sentence: pick(entry), advice: entry.advice ? pick(entry.advice) : null }
}

/** Replaces `{name}` by the value of that name; an unknown name stays visible rather than becoming "undefined". */
export function fill(text: string, values: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole))
}

/** Ends a switch over a tagged union: a forgotten case does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`)
}
