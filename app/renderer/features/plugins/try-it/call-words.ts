import type { PluginCall } from '../../../../shared/contracts/plugin-calls.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import { duration } from '../../../ui/format.ts'

export const surfaceWords: Readonly<Record<PluginCall['surface'], TextKey>> = {
  console: 'tryIt.surfaceConsole',
  invoke: 'tryIt.surfaceInvoke',
  debug: 'tryIt.surfaceDebug',
  mcp: 'tryIt.surfaceMcp',
  agent: 'tryIt.surfaceAgent',
  command: 'tryIt.surfaceCommand',
  test: 'tryIt.surfaceTest',
  replay: 'tryIt.surfaceReplay',
}

/** How long a call took: to the millisecond below a second, then with two digits more than whole seconds. */
export function callTime(milliseconds: number, locale: string): string {
  if (milliseconds < 1000 || milliseconds >= 60_000) return duration(milliseconds, locale)
  const seconds = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return `${seconds.format(milliseconds / 1000)} ${locale.startsWith('zh') ? '秒' : 's'}`
}
