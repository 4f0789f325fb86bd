import { memo } from 'react'
import { useLanguage, useText } from '../../i18n/language.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { classes } from '../../ui/classes.ts'
import { bytes } from '../../ui/format.ts'
import ansi from './Ansi.module.css'
import styles from './LogLine.module.css'
import type { LogOptions } from './log-options.ts'
import type { LineRow, MarkRow } from './log-rows.ts'
import { clockTime, type Piece, piecesOf } from './log-text.ts'

const nowhere: readonly number[] = []

/** One line: number, time, stream, text with its colours and what was found in it. */
export const LogLine = memo(function LogLine(props: {
  readonly row: LineRow
  readonly options: LogOptions
  readonly places: readonly number[] | undefined
  readonly current: boolean
  readonly onPick: (seq: number) => void
}) {
  const { row, options, places = nowhere, current, onPick } = props
  const t = useText()
  const language = useLanguage()
  const { line, level } = row
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list move through lines; a click only marks one
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className={classes(styles['line'], level && styles[level], current && styles['current'])}
      onClick={() => onPick(row.seq)}
      data-seq={row.seq}
    >
      {options.numbers && <span className={styles['number']}>{row.seq}</span>}
      {options.timestamps && (
        <time className={styles['time']} dateTime={line.time ?? undefined} title={line.time ?? undefined}>
          {line.time ? clockTime(line.time, new Date()) : ''}
        </time>
      )}
      {line.stream === 'stderr' && (
        <abbr className={styles['stderr']} title={t('logs.stderr')}>
          err
        </abbr>
      )}
      <span className={styles['text']}>
        {piecesOf(row.ansi.plain, row.ansi.stretches, places).map((piece) => (
          <PieceOfLine key={piece.start} {...piece} />
        ))}
        {line.cutFrom !== null && (
          <span className={styles['cut']}>{t('logs.cut', { size: bytes(line.cutFrom, language) })}</span>
        )}
      </span>
      <span className={styles['tools']}>
        <CopyButton text={row.ansi.plain} label={t('logs.copyLine')} tabIndex={current ? 0 : -1} />
      </span>
    </div>
  )
})

function PieceOfLine({ text, look, found }: Piece) {
  if (!look) return found ? <mark className={styles['found']}>{text}</mark> : text
  const Element = found ? 'mark' : 'span'
  const { color, background } = look
  return (
    <Element
      className={classes(found && styles['found'], ...look.classNames.map((name) => ansi[name]))}
      style={color || background ? { color, backgroundColor: found ? undefined : background } : undefined}
    >
      {text}
    </Element>
  )
}

/** Where lines are missing, or where a run ended. */
export function LogMark({ row }: { readonly row: MarkRow }) {
  const t = useText()
  return <div className={styles['mark']}>{t(row.kind === 'skipped' ? 'logs.skippedHere' : 'logs.endedHere')}</div>
}
