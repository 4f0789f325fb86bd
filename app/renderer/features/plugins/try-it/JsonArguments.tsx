import { useId } from 'react'
import { useText } from '../../../i18n/language.ts'
import { TextArea } from '../../../ui/TextArea.tsx'
import fields from './Fields.module.css'
import type { Problem } from './form-values.ts'
import { isObject } from './json-text.ts'
import { readArguments } from './stowed-texts.ts'
import { type Draft, setText } from './try-it-store.ts'

/** What is wrong with the JSON of the arguments; null for an object. */
export function jsonProblemOf(text: string, stowed: readonly string[]): Problem | null {
  const parsed = readArguments(text, stowed)
  if (parsed.ok) return isObject(parsed.value) ? null : { key: 'tryIt.jsonNotObject' }
  const { line, column, words } = parsed.mistake
  return { key: words, values: { line, column } }
}

/** The arguments as one JSON text, read while it is typed. */
export function JsonArguments({ draftKey, draft }: { readonly draftKey: string; readonly draft: Draft }) {
  const t = useText()
  const id = useId()
  const text = draft.text ?? ''
  const parsed = readArguments(text, draft.stowed)
  const problem = jsonProblemOf(text, draft.stowed)
  const inexact = parsed.ok ? parsed.inexact : []
  const refused = [...draft.refused].filter(([, { key }]) => key === 'tryIt.missing' || key === 'tryIt.refused')
  return (
    <div className={fields['field']}>
      <TextArea
        label={t('tryIt.jsonLabel')}
        id={id}
        value={text}
        rows={Math.min(24, Math.max(8, text.split('\n').length + 1))}
        mono
        invalid={problem !== null}
        describedBy={`${id}-about`}
        onChange={(next) => setText(draftKey, next)}
      />
      <div id={`${id}-about`} className={fields['about']}>
        {problem ? (
          <p className={fields['problem']} role="alert">
            {t(problem.key, problem.values)}
          </p>
        ) : (
          <p>{t('tryIt.jsonHint')}</p>
        )}
        {[...new Map(refused.map(([pointer, one]) => [pointer.slice(1).replaceAll('/', '.'), one]))].map(
          ([name, one]) => (
            <p key={name} className={fields['problem']}>
              <code>{name}</code>: {t(one.key, one.values)}
            </p>
          ),
        )}
        {inexact.length > 0 && <p>{t('tryIt.jsonInexact', { numbers: inexact.join(', ') })}</p>}
        {draft.stowed.length > 0 && <p>{t('tryIt.jsonStowed', { count: draft.stowed.length })}</p>}
      </div>
    </div>
  )
}
