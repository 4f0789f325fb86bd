import type { SpokenLanguage } from '../../shared/errors.ts'

/** The language of the terminal. */
export function spokenLanguage(env: NodeJS.ProcessEnv = process.env): SpokenLanguage {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return locale.startsWith('zh') ? 'zh-CN' : 'en'
}
