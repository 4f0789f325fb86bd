export type Level = 'error' | 'warn' | 'info' | 'debug'

const WORDS: Readonly<Record<string, Level>> = {
  fatal: 'error',
  panic: 'error',
  emerg: 'error',
  emergency: 'error',
  alert: 'error',
  critical: 'error',
  crit: 'error',
  severe: 'error',
  error: 'error',
  err: 'error',
  eror: 'error',
  failed: 'error',
  warning: 'warn',
  warn: 'warn',
  wrn: 'warn',
  notice: 'info',
  info: 'info',
  information: 'info',
  inf: 'info',
  log: 'info',
  debug: 'debug',
  dbg: 'debug',
  trace: 'debug',
  verbose: 'debug',
  fine: 'debug',
}
const NAMES = Object.keys(WORDS).join('|')

// "level":"error", "severity": "WARNING", "lvl":50; level=warn, level="warn", severity=ERROR
const FIELD = /"?\b(?:log\.)?(?:level|lvl|severity|levelname|loglevel)"?\s{0,3}[=:]\s{0,3}["']?([A-Za-z]+|\d{1,3})\b/i
// ERROR, WARN … in capitals, as a word of its own
const CAPITALS = new RegExp(`(?<![\\w/.-])(${NAMES.toUpperCase()})(?![\\w/=-])`)
// [error], <warn>, (info), |debug|
const BRACKETED = new RegExp(`[[<(|]\\s{0,3}(${NAMES})\\s{0,3}[\\]>)|]`, 'i')
// "error: …", "Warning: …" where the message begins
const LEADING = new RegExp(`^[\\d\\s:.,TZ+\\-/\\[\\]]{0,48}(${NAMES})\\s{0,4}[:!]`, 'i')
// glog and klog: E0102 15:04:05.000000
const GLOG = /^([EFWID])\d{4} \d\d:\d\d:\d\d/
const GLOG_LEVELS: Readonly<Record<string, Level>> = { E: 'error', F: 'error', W: 'warn', I: 'info', D: 'debug' }
// Redis: "1:M 02 Jan 2026 15:04:05.000 # text"; # is a warning, - and . are details
const REDIS = /^\d+:[MSCX] \d\d \w{3} \d{4} [\d:.]+ ([#*.-]) /
const REDIS_LEVELS: Readonly<Record<string, Level>> = { '#': 'warn', '*': 'info', '-': 'debug', '.': 'debug' }
const CRASH =
  /^(?:Traceback \(most recent call last\)|panic: |fatal error: |Unhandled |Uncaught |Exception in thread )|^\w*(?:Error|Exception): /

/** A level stands near the beginning of a line; what comes later is what the message talks about. */
const LOOKED_AT = 240

/** How serious a line says it is, in the formats that services commonly write; null when it does not say. */
export function levelOf(plain: string): Level | null {
  const text = plain.length > LOOKED_AT ? plain.slice(0, LOOKED_AT) : plain
  const field = FIELD.exec(text)
  if (field) {
    const level = named(field[1]!)
    if (level) return level
  }
  if (text.startsWith('{')) {
    // A JSON line may name its level late; nothing but the field counts in it.
    const late = plain.length > LOOKED_AT ? FIELD.exec(plain.slice(LOOKED_AT - 40, 8000)) : null
    return late ? named(late[1]!) : null
  }
  const glog = GLOG.exec(text)
  if (glog) return GLOG_LEVELS[glog[1]!]!
  const redis = REDIS.exec(text)
  if (redis) return REDIS_LEVELS[redis[1]!]!
  if (CRASH.test(text)) return 'error'
  const word = LEADING.exec(text) ?? BRACKETED.exec(text) ?? CAPITALS.exec(text)
  return word ? named(word[1]!) : null
}

/** Also the numbers of pino and bunyan: 50 is an error. */
function named(word: string): Level | null {
  const number = Number(word)
  if (Number.isNaN(number)) return WORDS[word.toLowerCase()] ?? null
  if (number < 10 || number > 100) return null
  return number >= 50 ? 'error' : number >= 40 ? 'warn' : number >= 30 ? 'info' : 'debug'
}
