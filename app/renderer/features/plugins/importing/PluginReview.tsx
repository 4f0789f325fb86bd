import type { ImportedPlugin } from '../../../../shared/contracts/plugins.ts'
import { useText } from '../../../i18n/language.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { Counts, Tile } from '../PluginCells.tsx'
import { toolsWord } from '../plugin-words.ts'
import styles from './Importing.module.css'
import { keyOf, mayBeActivated } from './review-rules.ts'

/** One plugin of a package: what it offers, what it replaces, and what speaks against it. */
export function PluginReview({
  plugin,
  chosen,
  onToggle,
}: {
  readonly plugin: ImportedPlugin
  readonly chosen: ReadonlySet<string>
  readonly onToggle: (plugin: ImportedPlugin) => void
}) {
  const t = useText()
  const { name, version, author, replaces, unchanged, toolCount, modelCount, repairCount, provenance } = plugin
  const usable = mayBeActivated(plugin)
  const notes = [
    replaces !== null && !unchanged && t('plugins.replaces', { version: replaces }),
    unchanged && t(plugin.state === 'active' ? 'plugins.unchangedActive' : 'plugins.unchanged'),
    toolCount > 0 && t('plugins.toolsCount', { count: toolCount, tools: toolsWord(plugin, t) }),
    modelCount > 0 && t('plugins.modelsCount', { count: modelCount }),
    repairCount > 0 && t('plugins.repairsCount', { count: repairCount }),
    author !== '' && t('plugins.by', { author }),
  ].filter(Boolean)
  return (
    <li className={styles['plugin']}>
      <span className={styles['tick']}>
        {usable && (
          <input
            type="checkbox"
            checked={chosen.has(keyOf(plugin))}
            aria-label={t('plugins.activateOne', { name })}
            onChange={() => onToggle(plugin)}
          />
        )}
      </span>
      <Tile name={name} />
      <div className={styles['pluginText']}>
        <div className={styles['pluginHead']}>
          <strong>{name}</strong>
          <span>{version}</span>
          {replaces === null && !unchanged && <Badge>{t('plugins.new')}</Badge>}
          <Counts errors={plugin.errorCount} warnings={plugin.warningCount} />
          <span className={styles['notes']}>{notes.join(' · ')}</span>
        </div>
        {!usable && !unchanged && <p className={styles['fail']}>{t('plugins.noneCallable')}</p>}
        {provenance.foreign && <Warning text={t('plugins.foreign')} />}
        {provenance.signature === 'invalid' && <Warning text={t('plugins.signatureInvalidText')} />}
      </div>
    </li>
  )
}

function Warning({ text }: { readonly text: string }) {
  return (
    <p className={styles['warning']}>
      <StateMark state="warn" /> {text}
    </p>
  )
}
