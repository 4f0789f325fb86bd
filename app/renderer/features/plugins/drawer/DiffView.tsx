import { useEffect, useState } from 'react'
import type { ToolSummary } from '../../../../shared/contracts/plugin-calls.ts'
import type { VersionDiff } from '../../../../shared/contracts/plugin-trials.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Badge } from '../../../ui/Badge.tsx'
import { classes } from '../../../ui/classes.ts'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { ToneMark } from '../../../ui/ToneMark.tsx'
import styles from './Diff.module.css'
import drawer from './Drawer.module.css'
import { changeWords, partWords } from './diff-words.ts'
import type { Pair } from './version-rules.ts'

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'diff'; readonly diff: VersionDiff }
  | { readonly kind: 'failed'; readonly error: unknown }
type Change = VersionDiff['changed'][number]['changes'][number]

/** What changed from one version to another, what breaks callers first. */
export function DiffView({ id, pair: { from, to } }: { readonly id: string; readonly pair: Pair }) {
  const t = useText()
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  useEffect(() => {
    let current = true
    rpc.plugins.diff({ id, from, to }).then(
      (diff) => current && setLoaded({ kind: 'diff', diff }),
      (error) => current && setLoaded({ kind: 'failed', error }),
    )
    return () => {
      current = false
    }
  }, [id, from, to])
  if (loaded.kind === 'loading') return <SkeletonRows count={4} />
  if (loaded.kind === 'failed') return <Failed error={loaded.error} />
  const { diff } = loaded
  const nothing = diff.added.length + diff.removed.length + diff.changed.length === 0
  return (
    <div className={styles['diff']}>
      <p className={classes(styles['verdict'], diff.breaking && styles['breaking'])} role="status">
        <ToneMark tone={diff.breaking ? 'warn' : 'ok'} />
        {t(nothing ? 'plugins.diffNothing' : diff.breaking ? 'plugins.diffBreaking' : 'plugins.diffCompatible')}
      </p>
      <ToolList title={t('plugins.diffRemoved', { count: diff.removed.length })} tools={diff.removed} breaking />
      {diff.changed.length > 0 && (
        <section>
          <h4>{t('plugins.diffChanged', { count: diff.changed.length })}</h4>
          <ul>
            {[...diff.changed].sort(breakingFirst).map(({ operationId, changes }) => (
              <li key={operationId} className={styles['tool']}>
                <code className={styles['operation']}>{operationId}</code>
                <ul>
                  {changes.map((change, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: two changes may name the same thing; the list never moves
                    <OneChange key={index} change={change} />
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ToolList title={t('plugins.diffAdded', { count: diff.added.length })} tools={diff.added} />
    </div>
  )
}

const breaks = ({ changes }: VersionDiff['changed'][number]) => changes.some(({ breaking }) => breaking)
const breakingFirst = (a: VersionDiff['changed'][number], b: VersionDiff['changed'][number]) =>
  Number(breaks(b)) - Number(breaks(a))

function ToolList({
  title,
  tools,
  breaking = false,
}: {
  readonly title: string
  readonly tools: readonly ToolSummary[]
  readonly breaking?: boolean
}) {
  const t = useText()
  if (tools.length === 0) return null
  return (
    <section>
      <h4>{title}</h4>
      <ul>
        {tools.map(({ id, operationId, method, path, summary }) => (
          <li key={id} className={styles['tool']}>
            <span className={styles['head']}>
              <code className={styles['operation']}>{operationId}</code>
              {breaking && <Badge tone="warn">{t('plugins.breaking')}</Badge>}
            </span>
            <span className={drawer['note']}>
              <code>
                {method} {path}
              </code>
              {summary !== '' && ` · ${summary}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function OneChange({ change: { what, kind, breaking, before, after } }: { readonly change: Change }) {
  const t = useText()
  return (
    <li className={styles['change']}>
      <span className={styles['head']}>
        <span>
          {partWords(what, t)} · {t(changeWords[kind])}
        </span>
        {breaking && <Badge tone="warn">{t('plugins.breaking')}</Badge>}
      </span>
      {(before !== null || after !== null) && (
        <span className={styles['values']}>
          {before !== null && <del>{before}</del>}
          {before !== null && after !== null && <span aria-hidden>→</span>}
          {after !== null && <ins>{after}</ins>}
        </span>
      )}
    </li>
  )
}
