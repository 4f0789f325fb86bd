import type { PackageKind } from '../../../shared/contracts/plugin-findings.ts'
import type { PackageSource, Plugin, Provenance } from '../../../shared/contracts/plugins.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import type { Translate } from '../../i18n/language.ts'
import type { Mark } from '../../ui/StateMark.tsx'
import { isInstalled, needsConfiguration } from './plugin-condition.ts'

/** Names of formats are the same in every language. */
export const kindNames: Readonly<Record<PackageKind, string>> = {
  coze: 'Coze',
  xpkg: '.xpkg',
  openapi: 'OpenAPI',
  dify: 'Dify',
  postman: 'Postman',
  curl: 'curl',
}

const busyWords: Readonly<Record<NonNullable<Plugin['requested']>, TextKey>> = {
  activate: 'plugins.busyActivate',
  enable: 'plugins.busyEnable',
  disable: 'plugins.busyDisable',
  remove: 'plugins.busyRemove',
  restore: 'plugins.busyRestore',
}
const stateWords: Readonly<Record<Plugin['state'], TextKey>> = {
  active: 'plugins.stateActive',
  disabled: 'plugins.stateDisabled',
  waiting: 'plugins.stateWaiting',
  error: 'plugins.stateError',
}

/** How a plugin is, in the words of its row. */
export function stateSentence(plugin: Plugin, t: Translate): string {
  if (plugin.requested !== null) return t(busyWords[plugin.requested])
  if (!isInstalled(plugin)) return t('plugins.stateUninstalled')
  if (plugin.state === 'active' && needsConfiguration(plugin)) return t('plugins.stateNeedsConfiguration')
  return t(stateWords[plugin.state])
}

const sourceWords: Readonly<Record<PackageSource, TextKey>> = {
  drop: 'plugins.sourceDrop',
  upload: 'plugins.sourceUpload',
  command: 'plugins.sourceCommand',
  watched: 'plugins.sourceWatched',
}

const actors: Readonly<Record<string, TextKey>> = {
  desktop: 'settings.actorDesktop',
  browser: 'settings.actorBrowser',
  cli: 'settings.actorCli',
  console: 'settings.actorConsole',
  platform: 'settings.actorPlatform',
}

/** How a package came and who brought it: "dropped here · browser"; an HTTP caller's own name stands in brackets. */
export function originOf({ source, by }: Pick<Provenance, 'source' | 'by'>, t: Translate): string {
  const [actor = '', ...name] = by.split(' ')
  const key = Object.hasOwn(actors, actor) ? actors[actor] : undefined
  const who = key ? [t(key), ...name].join(' ') : by
  return [t(sourceWords[source]), who].filter(Boolean).join(' · ')
}

/** Nobody signs most packages, so that one is without a signature is said and is no warning. */
export const signatures: Readonly<Record<Provenance['signature'], { readonly words: TextKey; readonly mark: Mark }>> = {
  none: { words: 'plugins.signatureNone', mark: 'unknown' },
  valid: { words: 'plugins.signatureValid', mark: 'ok' },
  invalid: { words: 'plugins.signatureInvalid', mark: 'fail' },
}

/** A hash as people compare it. */
export const shortHash = (sha256: string): string => sha256.slice(0, 12)

/** "73", or "71 of 73" where some cannot be called. */
export const toolsWord = (
  { toolCount, callableCount }: Pick<Plugin, 'toolCount' | 'callableCount'>,
  t: Translate,
): string =>
  toolCount === callableCount
    ? toolCount.toLocaleString('en')
    : t('plugins.callableOf', { callable: callableCount, all: toolCount })

/** The first letter or sign of a name, for the tile that stands in place of a logo. */
export const initialOf = (name: string): string =>
  [...name.trim()].find((sign) => /[\p{L}\p{N}]/u.test(sign))?.toUpperCase() ?? '?'
