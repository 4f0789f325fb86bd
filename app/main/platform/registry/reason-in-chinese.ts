/** What a probe meets, as it and the registry write it. */
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
]

/** Why an instance is down; what is not known here is said as it came. */
export const reasonInChinese = (reason: string): string =>
  reason
    .split('; ')
    .map((part) => {
      const known = met.find(([pattern]) => pattern.test(part))
      return known ? part.replace(...known) : part
    })
    .join('；')
