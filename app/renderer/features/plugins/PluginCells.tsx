import type { Plugin } from '../../../shared/contracts/plugins.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { Badge } from '../../ui/Badge.tsx'
import { classes } from '../../ui/classes.ts'
import { duration, percent } from '../../ui/format.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import styles from './Plugins.module.css'
import { conditionOf, isInstalled, updateWaits } from './plugin-condition.ts'
import { errorShare } from './plugin-order.ts'
import { initialOf, stateSentence, toolsWord } from './plugin-words.ts'

/** Percent of failed calls from which on the figure stands out: single ones are life. */
const alarming = 5

/** The first letter of a name, in place of a logo: pictures from elsewhere are never fetched. */
export function Tile({ name }: { readonly name: string }) {
  return (
    <span className={styles['tile']} aria-hidden>
      {initialOf(name)}
    </span>
  )
}

/** `tool`: the operation by which the filter found it. */
export function NameCell({ plugin, tool }: { readonly plugin: Plugin; readonly tool: string | undefined }) {
  return (
    <span className={styles['name']} title={plugin.description || plugin.name}>
      <StateMark state={conditionOf(plugin)} />
      <Tile name={plugin.name} />
      <span className={styles['cut']}>{plugin.name}</span>
      {tool !== undefined && <code className={styles['found']}>{tool}</code>}
    </span>
  )
}

export function StateCell({ plugin }: { readonly plugin: Plugin }) {
  const t = useText()
  const sentence = stateSentence(plugin, t)
  const missing = plugin.missingConfiguration.join(', ')
  return (
    <span className={styles['state']}>
      <span className={classes(styles['sentence'], styles[conditionOf(plugin)])} title={missing || sentence}>
        {sentence}
      </span>
      {plugin.requested === null && updateWaits(plugin) && <Badge>{t('plugins.updateWaits')}</Badge>}
      {plugin.requested === null && isInstalled(plugin) && (
        <Counts errors={plugin.errorCount} warnings={plugin.warningCount} />
      )}
    </span>
  )
}

/** ■ 2 ▲ 5: how much was found in it, in the fewest signs. */
export function Counts({ errors, warnings }: { readonly errors: number; readonly warnings: number }) {
  const t = useText()
  return (
    <>
      {errors > 0 && (
        <span className={styles['count']} title={t('plugins.countErrors', { count: errors })}>
          <StateMark state="fail" label={t('plugins.countErrors', { count: errors })} />
          <span aria-hidden>{errors}</span>
        </span>
      )}
      {warnings > 0 && (
        <span className={styles['count']} title={t('plugins.countWarnings', { count: warnings })}>
          <StateMark state="warn" label={t('plugins.countWarnings', { count: warnings })} />
          <span aria-hidden>{warnings}</span>
        </span>
      )}
    </>
  )
}

export function ToolsCell({ plugin }: { readonly plugin: Plugin }) {
  const t = useText()
  return plugin.toolCount === 0 ? <None /> : toolsWord(plugin, t)
}

export function CountCell({ value }: { readonly value: number }) {
  const language = useLanguage()
  return value === 0 ? <None /> : value.toLocaleString(language)
}

export function ErrorsCell({ plugin }: { readonly plugin: Plugin }) {
  const language = useLanguage()
  const share = errorShare(plugin)
  if (share === null) return <None />
  return <span className={share >= alarming ? styles['fail'] : undefined}>{percent(share, language)}</span>
}

export function SlowCell({ plugin: { figures } }: { readonly plugin: Plugin }) {
  const language = useLanguage()
  return figures.p95Ms === null ? <None /> : duration(figures.p95Ms, language)
}

export function LastCell({ plugin: { figures } }: { readonly plugin: Plugin }) {
  return figures.lastAt === null ? <None /> : <RelativeTime time={figures.lastAt} form="age" />
}

function None() {
  return <span className={styles['none']}>–</span>
}
