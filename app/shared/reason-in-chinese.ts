import type { ErrorDetails } from './errors.ts'

/** What a probe, a call of a vendor or a job meets, as main writes it. A vendor's own words are not among it. */
const met: readonly (readonly [RegExp, string])[] = [
  [/^no heartbeat for more than ([\d.]+) s$/, '超过 $1 秒没有心跳'],
  [/^(\/\S*) answered (\d+)$/, '$1 返回了 $2'],
  [/^(\/\S*) did not answer within ([\d.]+) s$/, '$1 在 $2 秒内没有响应'],
  [/^(\/\S*): nothing listens there$/, '$1：该地址没有程序监听'],
  [/^(\/\S*): it closed the connection$/, '$1：对方关闭了连接'],
  [/^(\/\S*): its name is unknown$/, '$1：无法解析主机名'],
  [/^(\/\S*): its name cannot be looked up now$/, '$1：暂时无法解析主机名'],
  [/^(\/\S*): there is no way to it$/, '$1：网络不可达'],
  [/^(\/\S*): it cannot be connected in time$/, '$1：连接超时'],
  [/^its probe failed$/, '探测失败'],
  [/^nothing listens at its address( \(\w+\))?$/, '其地址没有程序监听$1'],
  [/^it broke the connection off( \(\w+\))?$/, '对方中断了连接$1'],
  [/^it closed the connection$/, '对方关闭了连接'],
  [/^its name leads nowhere( \(\w+\))?$/, '无法解析其主机名$1'],
  [/^its name cannot be looked up now( \(\w+\))?$/, '暂时无法解析其主机名$1'],
  [/^there is no way to its (?:network|host)( \(\w+\))?$/, '网络不可达$1'],
  [/^it could not be connected in time( \(\w+\))?$/, '连接超时$1'],
  [/^it did not answer in time$/, '未在限定时间内响应'],
  [/^it stopped in the middle of its answer$/, '响应到一半停止了'],
  [/^it did not end$/, '响应没有结束'],
  [/^it answered a failure$/, '返回了失败'],
  [/^its answer ended in the middle$/, '响应中途结束'],
  [/^its answer took too long$/, '响应耗时过长'],
  [/^its answer is larger than (\d+) MB$/, '响应超过 $1 MB'],
  [/^its answer is empty$/, '响应为空'],
  [/^its answer is no HTTP$/, '响应不是 HTTP'],
  [/^its answer is no JSON object$/, '响应不是 JSON 对象'],
  [/^its answer is no sound$/, '响应不是音频'],
  [/^its stream is not of JSON$/, '响应流不是 JSON'],
  [/^it is no list of models$/, '返回的不是模型列表'],
  [/^its address cannot be written as HTTP$/, '其地址无法用于 HTTP'],
  [/^the body cannot be written as the vendor wants it$/, '请求内容无法转换为厂商需要的格式'],
  [/^(\w+) does not offer (\w+)$/, '$1 不支持 $2'],
  [/^its task has no id that can be asked for$/, '任务没有可查询的编号'],
  [/^its key was removed$/, '其密钥已被移除'],
  [/^no answer$/, '无响应'],
  [/^line (\d+): (\w+) does not hold one key$/, '第 $1 行：$2 不是单个密钥'],
  [/^line (\d+): enabled: neither yes nor no$/, '第 $1 行：enabled 应为 yes 或 no'],
  [/^line (\d+): (\w+) is no known vendor$/, '第 $1 行：$2 不是已知厂商'],
  [/^(\w+) would say where it answers$/, '可用 $1 给出其地址'],
  [/^line (\d+): the key has blanks, or is no ASCII$/, '第 $1 行：密钥含有空白或非 ASCII 字符'],
  [/^line (\d+): it has no key$/, '第 $1 行：没有密钥'],
  [/^the vendor did not tell how it ended$/, '厂商没有告知任务的结果'],
  [/^the console ended while it was submitted$/, '提交时驾驶舱退出了'],
  [/^the caller hung up$/, '调用方已断开'],
  [/^the local platform is stopping$/, '本地平台正在停止'],
  [/^it failed within the console$/, '驾驶舱内部出错'],
  [/^it ended meanwhile$/, '它中途退出了'],
  [/^the console ended meanwhile$/, '驾驶舱中途退出了'],
  [/^it has not begun$/, '尚未启动'],
  [/^it is stopping$/, '正在停止'],
  [/^it failed$/, '失败'],
  [/^the body is a JSON object$/, '请求体应为 JSON 对象'],
  [/^it is no JSON$/, '不是 JSON'],
  [/^it is no UTF-8$/, '不是 UTF-8'],
  [/^stream: only chats are streamed$/, 'stream：只有对话支持流式'],
]

/** The reason of a failure in Chinese; what is not known here is said as it came. */
export const reasonInChinese = (reason: string): string =>
  reason
    .split('; ')
    .map((part) => {
      const known = met.find(([pattern]) => pattern.test(part))
      return known ? part.replace(...known) : part
    })
    .join('；')

/** As main writes it, or in Chinese. */
export const reasonIn = (language: string, reason: string): string =>
  language === 'zh-CN' ? reasonInChinese(reason) : reason

/** A detail says in Chinese what is told beside it, as `addressZh`; a reason, what is known of it here. */
export const detailsInChinese = (details: ErrorDetails): ErrorDetails =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      details[`${name}Zh`] ?? (name === 'reason' ? reasonInChinese(String(value)) : value),
    ]),
  )
