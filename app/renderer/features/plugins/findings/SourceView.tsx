import { useEffect, useState } from 'react'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { classes } from '../../../ui/classes.ts'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import styles from './Findings.module.css'
import { markedPart, tones } from './finding-words.ts'

const around = 7
type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'failed'; readonly error: unknown }

/** The file as it came, fifteen lines around the finding, the place itself underlined. */
export function SourceView({
  id,
  versionId,
  finding: { file, line, column, severity },
}: {
  readonly id: string
  readonly versionId: number
  readonly finding: Finding
}) {
  const t = useText()
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  const from = Math.max(1, (line ?? 1) - around)
  useEffect(() => {
    let current = true
    const tell = (next: Loaded) => current && setLoaded(next)
    rpc.plugins.source({ id, versionId, file, from, count: 2 * around + 1 }).then(
      ({ lines }) => tell({ kind: 'lines', lines }),
      (error) => tell({ kind: 'failed', error }),
    )
    return () => {
      current = false
    }
  }, [id, versionId, file, from])

  if (loaded.kind === 'loading') return <SkeletonRows count={4} />
  if (loaded.kind === 'failed') return <Failed error={loaded.error} />
  return (
    <section
      className={styles['source']}
      aria-label={t('plugins.sourceOf', { file })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, so the keyboard must reach it
      tabIndex={0}
    >
      <ol>
        {loaded.lines.map((text, index) => {
          const number = from + index
          const marked = number === line
          return (
            <li key={number} className={classes(marked && styles['marked'])} aria-current={marked ? 'true' : undefined}>
              <span className={styles['number']} aria-hidden>
                {number}
              </span>
              <code>{marked ? <Underlined text={text} column={column} tone={tones[severity]} /> : text}</code>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function Underlined({
  text,
  column,
  tone,
}: {
  readonly text: string
  readonly column: number | null
  readonly tone: string
}) {
  const [from, to] = markedPart(text, column)
  return (
    <>
      {text.slice(0, from)}
      <mark className={classes(styles['squiggle'], styles[tone])}>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  )
}
