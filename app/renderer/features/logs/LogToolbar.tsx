import {
  ChevronDown,
  ChevronUp,
  Clock,
  Copy,
  Download,
  Eraser,
  Funnel,
  Hash,
  type LucideIcon,
  Regex,
  Undo2,
  WrapText,
} from 'lucide-react'
import type { Ref } from 'react'
import { useText } from '../../i18n/language.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './LogToolbar.module.css'
import { type LogOptions, toggleLogOption } from './log-options.ts'
import type { LogSearch, SearchDraft } from './use-log.ts'

const switches: readonly { readonly name: keyof LogOptions; readonly icon: LucideIcon }[] = [
  { name: 'timestamps', icon: Clock },
  { name: 'wrap', icon: WrapText },
  { name: 'numbers', icon: Hash },
]

/** What narrows the log, how it is shown, and what is done with it. */
export function LogToolbar(props: {
  readonly draft: SearchDraft
  readonly onDraft: (draft: SearchDraft) => void
  readonly search: LogSearch
  /** Which of the lines found is the current one, counted from 1; 0 for none. */
  readonly position: number
  readonly onlyFound: boolean
  readonly onOnlyFound: (on: boolean) => void
  readonly onStep: (backwards: boolean) => void
  readonly options: LogOptions
  readonly cleared: boolean
  readonly onClear: (cleared: boolean) => void
  readonly onCopy: () => void
  readonly onDownload: () => void
  readonly fieldRef: Ref<HTMLInputElement>
}) {
  const { draft, onDraft, search, options, cleared } = props
  const t = useText()
  return (
    <div className={styles['toolbar']}>
      <div className={styles['row']}>
        <div className={styles['search']}>
          <SearchField
            label={t('logs.search')}
            value={draft.text}
            onChange={(text) => onDraft({ ...draft, text })}
            onEnter={props.onStep}
            shortcut="/"
            ref={props.fieldRef}
          />
        </div>
        <IconButton
          icon={Regex}
          label={t('logs.regex')}
          pressed={draft.isRegex}
          onClick={() => onDraft({ ...draft, isRegex: !draft.isRegex })}
        />
        <output className={styles['count']}>
          {search.active && t('logs.found', { position: props.position, count: search.lines.length })}
        </output>
        <IconButton
          icon={ChevronUp}
          label={t('logs.previous')}
          shortcut="Shift+Enter"
          disabled={search.lines.length === 0}
          onClick={() => props.onStep(true)}
        />
        <IconButton
          icon={ChevronDown}
          label={t('logs.next')}
          shortcut="Enter"
          disabled={search.lines.length === 0}
          onClick={() => props.onStep(false)}
        />
        <IconButton
          icon={Funnel}
          label={t('logs.onlyFound')}
          pressed={props.onlyFound}
          onClick={() => props.onOnlyFound(!props.onlyFound)}
        />
      </div>
      <div className={styles['row']}>
        <div className={styles['exclude']}>
          <TextField
            label={t('logs.exclude')}
            hideLabel
            placeholder={t('logs.exclude')}
            value={draft.exclude}
            onChange={(exclude) => onDraft({ ...draft, exclude })}
          />
        </div>
        <span className={styles['end']}>
          {switches.map(({ name, icon }) => (
            <IconButton
              key={name}
              icon={icon}
              label={t(`logs.${name}`)}
              pressed={options[name]}
              onClick={() => toggleLogOption(name)}
            />
          ))}
          <IconButton
            icon={cleared ? Undo2 : Eraser}
            label={cleared ? t('logs.unclear') : t('logs.clear')}
            onClick={() => props.onClear(!cleared)}
          />
          <IconButton icon={Copy} label={t('logs.copyShown')} onClick={props.onCopy} />
          <IconButton icon={Download} label={t('logs.download')} onClick={props.onDownload} />
        </span>
      </div>
      {(search.error || search.tooSlow) && (
        <p className={styles['error']} role="alert">
          {search.error ? t('logs.wrongExpression', { reason: search.error }) : t('logs.tooSlow')}
        </p>
      )}
    </div>
  )
}
