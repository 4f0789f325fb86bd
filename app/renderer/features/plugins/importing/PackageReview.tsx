import { useState } from 'react'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import type { ImportedPlugin, ImportResult } from '../../../../shared/contracts/plugins.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { Button } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { classes } from '../../../ui/classes.ts'
import { bytes } from '../../../ui/format.ts'
import { Mono } from '../../../ui/Mono.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { ToneMark } from '../../../ui/ToneMark.tsx'
import { FindingList } from '../findings/FindingList.tsx'
import { bySeverity, type Severity, severityWords, tones } from '../findings/finding-words.ts'
import { Counts } from '../PluginCells.tsx'
import { kindNames, originOf, shortHash, signatures } from '../plugin-words.ts'
import styles from './Importing.module.css'
import { PluginReview } from './PluginReview.tsx'

/** One package: what it is and where it is from, the plugins in it, and what was found. */
export function PackageReview({
  result,
  headed,
  chosen,
  onToggle,
}: {
  readonly result: ImportResult
  /** Named, because it is one of several. */
  readonly headed: boolean
  readonly chosen: ReadonlySet<string>
  readonly onToggle: (plugin: ImportedPlugin) => void
}) {
  const t = useText()
  const { name, kind, plugins, findings } = result
  return (
    <section className={styles['package']} aria-label={name}>
      {headed && (
        <h3 className={styles['packageName']}>
          {name} {kind && <Badge>{kindNames[kind]}</Badge>}
        </h3>
      )}
      {plugins.length > 0 ? (
        <>
          <Origin result={result} />
          <ul>
            {plugins.map((plugin) => (
              <PluginReview
                key={`${plugin.versionId} ${plugin.id}`}
                plugin={plugin}
                chosen={chosen}
                onToggle={onToggle}
              />
            ))}
          </ul>
        </>
      ) : (
        <div className={styles['nothing']}>
          <StateMark state="fail" />
          <div>
            <strong>{t('plugins.nothingUsable')}</strong>
            <p>{t('plugins.nothingUsableText')}</p>
          </div>
        </div>
      )}
      {bySeverity(findings).map(([severity, some]) => (
        <FindingGroup
          key={severity}
          severity={severity}
          findings={some}
          // Warnings of a package that works are read when one wants to; what keeps it from working stands open.
          open={severity === 'error' || plugins.length === 0}
          level={headed ? 'h4' : 'h3'}
        />
      ))}
    </section>
  )
}

/** Where it came from and whether somebody vouches for it; the same for every plugin of a package. */
function Origin({ result: { plugins, kind, findings } }: { readonly result: ImportResult }) {
  const t = useText()
  const language = useLanguage()
  const { provenance } = plugins[0]!
  const { words, mark } = signatures[provenance.signature]
  return (
    <div className={styles['origin']}>
      {kind && <span>{kindNames[kind]}</span>}
      <span>{t('plugins.manyPlugins', { count: plugins.length })}</span>
      <span>{originOf(provenance, t)}</span>
      <span>{t('plugins.filesIn', { count: provenance.fileCount, size: bytes(provenance.sizeBytes, language) })}</span>
      <span className={classes(styles['inline'], mark === 'fail' && styles['fail'])}>
        <StateMark state={mark} /> {t(words)}
      </span>
      <Counts
        errors={findings.filter(({ severity }) => severity === 'error').length}
        warnings={findings.filter(({ severity }) => severity === 'warning').length}
      />
      <span className={styles['inline']}>
        SHA-256 <Mono title={provenance.sha256}>{shortHash(provenance.sha256)}</Mono>
        <CopyButton text={provenance.sha256} label={t('plugins.copyHashOf', { name: provenance.name })} />
      </span>
    </div>
  )
}

function FindingGroup({
  severity,
  findings,
  open,
  level: Heading,
}: {
  readonly severity: Severity
  readonly findings: readonly Finding[]
  readonly open: boolean
  readonly level: 'h3' | 'h4'
}) {
  const t = useText()
  const [shown, setShown] = useState(open)
  return (
    <section>
      <Heading className={styles['groupHead']}>
        <ToneMark tone={tones[severity]} />
        {t(severityWords[severity], { count: findings.length })}
        <Button
          variant="quiet"
          onClick={() => setShown(!shown)}
          label={t(shown ? 'plugins.hideGroup' : 'plugins.showGroup', {
            group: t(severityWords[severity], { count: findings.length }),
          })}
        >
          {t(shown ? 'plugins.hide' : 'plugins.show')}
        </Button>
      </Heading>
      {shown && <FindingList findings={findings} />}
    </section>
  )
}
