import { GitCompare, RotateCcw, Zap } from 'lucide-react'
import { useState } from 'react'
import type { Plugin, PluginDetails, PluginVersion } from '../../../../shared/contracts/plugins.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { Button } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { bytes } from '../../../ui/format.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Counts } from '../PluginCells.tsx'
import { activate } from '../plugin-actions.ts'
import { isInstalled } from '../plugin-condition.ts'
import { originOf, shortHash, signatures, toolsWord } from '../plugin-words.ts'
import { DiffView } from './DiffView.tsx'
import styles from './Drawer.module.css'
import { ReplaySection } from './ReplaySection.tsx'
import { firstPair, inUse, type Pair } from './version-rules.ts'

/** Every version there is, the way back to each, and what lies between two of them. */
export function VersionsTab({ plugin, details }: { readonly plugin: Plugin; readonly details: PluginDetails }) {
  const t = useText()
  const { versions } = details
  const [chosen, setChosen] = useState<Pair | null>(null)
  const pair = chosen ?? firstPair(plugin, versions)
  const options = versions.map(({ versionId, version }) => ({ value: String(versionId), label: version }))
  return (
    <div className={styles['tab']}>
      <ol>
        {versions.map((version, index) => (
          <VersionRow
            key={version.versionId}
            plugin={plugin}
            version={version}
            newer={index < versions.findIndex((one) => inUse(plugin, one))}
            onCompare={versions.length > 1 ? () => setChosen({ from: plugin.versionId, to: version.versionId }) : null}
          />
        ))}
      </ol>
      {pair && (
        <section>
          <h3>{t('plugins.compare')}</h3>
          <div className={styles['pair']}>
            <Select
              label={t('plugins.compareFrom')}
              value={String(pair.from)}
              options={options}
              onChange={(value) => setChosen({ ...pair, from: Number(value) })}
            />
            <Select
              label={t('plugins.compareTo')}
              value={String(pair.to)}
              options={options}
              onChange={(value) => setChosen({ ...pair, to: Number(value) })}
            />
          </div>
          {pair.from === pair.to ? (
            <p className={styles['note']}>{t('plugins.compareSame')}</p>
          ) : (
            <DiffView key={`${pair.from} ${pair.to}`} id={plugin.id} pair={pair} />
          )}
        </section>
      )}
      <ReplaySection plugin={plugin} details={details} to={pair?.to ?? null} />
    </div>
  )
}

function VersionRow({
  plugin,
  version: one,
  newer,
  onCompare,
}: {
  readonly plugin: Plugin
  readonly version: PluginVersion
  /** Came after the one in use. */
  readonly newer: boolean
  readonly onCompare: (() => void) | null
}) {
  const t = useText()
  const language = useLanguage()
  const { versionId, version, provenance } = one
  const used = inUse(plugin, one)
  const usable = one.toolCount === 0 || one.callableCount > 0
  const forward = newer || plugin.state === 'waiting'
  const put = () =>
    void activate(
      [{ id: plugin.id, versionId }],
      t(forward ? 'plugins.doneActivate' : 'plugins.doneRollBack', { name: plugin.name, version }),
    )
  return (
    <li className={styles['version']}>
      <div className={styles['line']}>
        <strong>{version}</strong>
        {used && <Badge tone="ok">{t('plugins.inUse')}</Badge>}
        {!used && one.activatedAt === null && <Badge>{t('plugins.neverActivated')}</Badge>}
        <Counts errors={one.errorCount} warnings={one.warningCount} />
        <span className={styles['end']}>
          {!used && onCompare && (
            <IconButton icon={GitCompare} label={t('plugins.compareWith', { version })} onClick={onCompare} />
          )}
          {!used && isInstalled(plugin) && (
            <Button
              icon={forward ? Zap : RotateCcw}
              disabled={!usable}
              busy={plugin.requested === 'activate'}
              label={t(forward ? 'plugins.activateNamed' : 'plugins.rollBackNamed', { version })}
              onClick={put}
            >
              {t(forward ? 'plugins.activate' : 'plugins.rollBack')}
            </Button>
          )}
        </span>
      </div>
      <div className={styles['facts']}>
        <RelativeTime time={provenance.at} />
        <span>{originOf(provenance, t)}</span>
        <span>
          {t('plugins.filesIn', { count: provenance.fileCount, size: bytes(provenance.sizeBytes, language) })}
        </span>
        {one.toolCount > 0 && (
          <span>{t('plugins.toolsCount', { count: one.toolCount, tools: toolsWord(one, t) })}</span>
        )}
      </div>
      <div className={styles['facts']}>
        <span className={provenance.signature === 'invalid' ? styles['fail'] : undefined}>
          {t(signatures[provenance.signature].words)}
        </span>
        {provenance.foreign && <span className={styles['warn']}>{t('plugins.foreignShort')}</span>}
        <span className={styles['hash']}>
          SHA-256 <Mono title={provenance.sha256}>{shortHash(provenance.sha256)}</Mono>
          <CopyButton text={provenance.sha256} label={t('plugins.copyHash', { version })} />
        </span>
      </div>
    </li>
  )
}
