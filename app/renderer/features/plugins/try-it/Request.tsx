import { CircleStop, Send } from 'lucide-react'
import { type ReactNode, useMemo, useRef } from 'react'
import type { Plugin, ToolDetails } from '../../../../shared/contracts/plugins.ts'
import { currentText, useLanguage, useText } from '../../../i18n/language.ts'
import { useShortcuts } from '../../../shell/shortcuts.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { bytes } from '../../../ui/format.ts'
import { Keys } from '../../../ui/Keys.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { useNow } from '../../../ui/use-now.ts'
import { argumentsTooLarge, mostArgumentBytes } from './arguments-size.ts'
import { CodeView } from './CodeView.tsx'
import { FormView } from './FormView.tsx'
import { problemsOf, settled } from './form-values.ts'
import { JsonArguments, jsonProblemOf } from './JsonArguments.tsx'
import type { JsonObject } from './json-text.ts'
import { fieldsOf } from './schema-form.ts'
import styles from './TryIt.module.css'
import {
  cancel,
  draftOf,
  keyOf,
  type Mode,
  markMissing,
  replaceArguments,
  send,
  setMode,
  useTryIt,
} from './try-it-store.ts'

/** Puts other arguments into the form; the ones before can be had back. */
export function replaceWithUndo(key: string, given: JsonObject, text: string): void {
  const before = draftOf(useTryIt.getState(), key).arguments
  replaceArguments(key, given)
  // What the form shows need not be said; that something was lost must be.
  if (Object.keys(before).length === 0) return
  toast({ text, action: { label: currentText()('common.undo'), onClick: () => replaceArguments(key, before) } })
}

/** The arguments of a call, as a form, as JSON or as code, and the button that sends them. */
export function Request({ plugin, tool }: { readonly plugin: Plugin; readonly tool: ToolDetails }) {
  const t = useText()
  const key = keyOf(plugin.id, tool.operationId)
  const draft = useTryIt((state) => draftOf(state, key))
  const fields = useMemo(() => fieldsOf(tool.schema, tool.example as JsonObject), [tool])
  const present = useMemo(() => settled(fields, draft.arguments, draft.choices), [fields, draft])
  const root = useRef<HTMLElement>(null)
  const { mode } = draft
  const broken = draft.text !== null && jsonProblemOf(draft.text, draft.stowed) !== null

  function submit(): void {
    // What lies above the page has its own keys.
    if (tool.disabled !== null || document.activeElement?.closest('[data-layer]')) return
    if (mode === 'json' ? broken : problemsOf(fields, present, draft.choices).size > 0) {
      if (mode === 'code') setMode(key, 'form', present)
      markMissing(key)
      // After the marks are there.
      requestAnimationFrame(() => focusProblem(root.current))
      return
    }
    if (!argumentsTooLarge(present)) void send(plugin.id, tool.operationId, present)
  }
  useShortcuts({ 'Mod+Enter': { label: t('tryIt.send'), run: submit, everywhere: true } }, tool.operationId)

  const example = tool.example as JsonObject
  return (
    <section ref={root} className={styles['request']} aria-labelledby="try-it-arguments">
      <h3 id="try-it-arguments">{t('tryIt.arguments')}</h3>
      <div className={styles['bar']}>
        <SegmentedControl<Mode>
          label={t('tryIt.mode')}
          value={mode}
          options={[
            { value: 'form', label: t('tryIt.form') },
            { value: 'json', label: t('tryIt.json') },
            { value: 'code', label: t('tryIt.code') },
          ]}
          onChange={(next) => setMode(key, next, present)}
        />
        <span className={styles['end']}>
          {Object.keys(example).length > 0 && (
            <Button variant="quiet" onClick={() => replaceWithUndo(key, example, t('tryIt.exampleDone'))}>
              {t('tryIt.fillExample')}
            </Button>
          )}
          {(Object.keys(draft.arguments).length > 0 || broken) && (
            <Button variant="quiet" onClick={() => replaceWithUndo(key, {}, t('tryIt.cleared'))}>
              {t('tryIt.clear')}
            </Button>
          )}
        </span>
      </div>
      {mode === 'json' ? (
        <JsonArguments draftKey={key} draft={draft} />
      ) : broken ? (
        <Broken back={() => setMode(key, 'json', present)} />
      ) : mode === 'form' ? (
        <FormView draftKey={key} draft={draft} fields={fields} />
      ) : (
        <CodeView plugin={plugin} operation={tool.operationId} given={present} />
      )}
      <Foot draftKey={key} safe={tool.safe} present={present} disabled={tool.disabled !== null} submit={submit} />
    </section>
  )
}

/** Form and code need arguments that can be read; what was typed stays in the JSON field. */
function Broken({ back }: { readonly back: () => void }) {
  const t = useText()
  return (
    <div className={styles['notice']}>
      <p>{t('tryIt.jsonBroken')}</p>
      <Button onClick={back}>{t('tryIt.jsonBack')}</Button>
    </div>
  )
}

/** Brings the first marked field into view and to the keyboard. */
function focusProblem(root: HTMLElement | null): void {
  const wrong = root?.querySelector('[data-wrong], textarea[aria-invalid="true"]')
  if (!(wrong instanceof HTMLElement)) return
  const control = wrong.querySelector<HTMLElement>('input:not([hidden]), textarea, [role="combobox"]')
  // A file has no field, only the button that chooses it.
  const focused = control ?? wrong.querySelector<HTMLElement>('button') ?? wrong
  focused.focus()
}

/** Always in sight: what the call may do, and the button. */
function Foot({
  draftKey,
  safe,
  present,
  disabled,
  submit,
}: {
  readonly draftKey: string
  readonly safe: boolean
  readonly present: JsonObject
  readonly disabled: boolean
  readonly submit: () => void
}) {
  const t = useText()
  const language = useLanguage()
  const running = useTryIt((state) => state.running.get(draftKey))
  const tooLarge = argumentsTooLarge(present)
  const words: ReactNode = tooLarge ? (
    <p className={styles['fail']} role="alert">
      {t('tryIt.tooLarge', { size: bytes(mostArgumentBytes, language) })}
    </p>
  ) : running ? (
    <Elapsed since={running.since} />
  ) : (
    !safe && <p className={styles['quiet']}>{t('tryIt.unsafe')}</p>
  )
  return (
    <div className={styles['foot']}>
      <div className={styles['words']}>{words}</div>
      {running && (
        <Button icon={CircleStop} onClick={() => cancel(draftKey)}>
          {t('tryIt.cancel')}
        </Button>
      )}
      <Button
        variant="primary"
        icon={Send}
        busy={running !== undefined}
        disabled={disabled || tooLarge}
        onClick={submit}
      >
        {t('tryIt.send')}
        <span aria-hidden>
          <Keys keys="Mod+Enter" />
        </span>
      </Button>
    </div>
  )
}

function Elapsed({ since }: { readonly since: number }) {
  const t = useText()
  const now = useNow('second')
  return (
    <p className={styles['line']} role="status">
      <StateMark state="busy" /> {t('tryIt.running', { seconds: Math.max(0, Math.floor((now - since) / 1000)) })}
    </p>
  )
}
