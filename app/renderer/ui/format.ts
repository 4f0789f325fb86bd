/** Human writings of numbers and times. `locale`: "en" or "zh-CN". */

const numbers = new Map<string, Intl.NumberFormat>()
function number(value: number, digits: number, locale: string, notation: 'standard' | 'compact' = 'standard'): string {
  const key = `${locale} ${digits} ${notation}`
  const format = numbers.get(key) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: digits, notation })
  numbers.set(key, format)
  return format.format(value)
}

function scaled(value: number, base: number, units: readonly string[], locale: string): string {
  let rest = value
  let unit = 0
  while (Math.abs(rest) >= base * 0.9995 && unit < units.length - 1) {
    rest /= base
    unit++
  }
  const digits = unit === 0 || Math.abs(rest) >= 99.95 ? 0 : 1
  return `${number(rest, digits, locale)} ${units[unit]}`
}

/** Sizes of files and images as Docker writes them: 1 MB is 1,000,000 bytes. */
export const bytes = (value: number, locale: string): string =>
  scaled(value, 1000, ['B', 'kB', 'MB', 'GB', 'TB'], locale)

/** Memory as Docker writes it: 1 MiB is 1,048,576 bytes. */
export const memory = (value: number, locale: string): string =>
  scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'], locale)

/** `value` is in percent: 12.34 becomes "12.3 %". */
export const percent = (value: number, locale: string): string =>
  `${number(value, Math.abs(value) >= 99.95 ? 0 : 1, locale)} %`

/** A count in few characters, for an axis: "450K", "45万". */
export const compact = (value: number, locale: string): string => number(value, 1, locale, 'compact')

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const units = { en: ['d', 'h', 'min', 's', 'ms'], zh: ['天', '小时', '分', '秒', '毫秒'] }

/** A length of time in its two largest units: "3 d 4 h", "45 s". */
export function duration(milliseconds: number, locale: string): string {
  const names = locale.startsWith('zh') ? units.zh : units.en
  const value = Math.max(0, milliseconds)
  if (value < second) return `${Math.round(value)} ${names[4]}`
  const sizes = [day, hour, minute, second]
  const first = sizes.findIndex((size) => value >= size)
  const whole = Math.floor(value / sizes[first]!)
  const rest = first < 3 ? Math.floor((value % sizes[first]!) / sizes[first + 1]!) : 0
  const head = `${number(whole, 0, locale)} ${names[first]}`
  return rest > 0 ? `${head} ${rest} ${names[first + 1]}` : head
}

/** The same in its largest unit alone, for a column: "3 d". */
export const age = (milliseconds: number, locale: string): string =>
  duration(milliseconds, locale).split(' ').slice(0, 2).join(' ')

const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0)
/** "3 minutes ago", "in 5 seconds", "now". */
export function relative(time: number, now: number, locale: string): string {
  const away = time - now
  const sizes = [
    ['day', day],
    ['hour', hour],
    ['minute', minute],
    ['second', second],
  ] as const
  const [unit, size] = sizes.find(([, length]) => Math.abs(away) >= length) ?? sizes[3]
  // "Tomorrow" is a day of the calendar.
  if (unit === 'day') {
    const days = Math.round((midnight(time) - midnight(now)) / day)
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, unit)
  }
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(away / size), unit)
}

/** The exact moment, to the second, in the operator's time zone. */
export const dateTime = (time: number, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(time)
