import { useEffect, useState } from 'react'
import type { Plugin } from '../../../../shared/contracts/plugins.ts'
import { type AppError, describeError } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { asAppError } from '../../../shell/run.ts'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { argumentsTooLarge } from './arguments-size.ts'
import type { JsonObject } from './json-text.ts'
import styles from './TryIt.module.css'

type Codes = Awaited<ReturnType<typeof rpc.plugins.code>>
type Language = keyof Codes
/** Names of languages and programs are the same in every language. */
const names: Readonly<Record<Language, string>> = { curl: 'curl', fetch: 'fetch', python: 'Python' }
/** Kept while the page lives: who wants Python wants it for the next tool too. */
const remembered: { language: Language } = { language: 'curl' }
/** A text of megabytes (a file in it) would freeze the page. */
const mostShown = 50_000

/** The same call as code, made by main from the arguments as they are. */
export function CodeView({
  plugin,
  operation,
  given,
}: {
  readonly plugin: Plugin
  readonly operation: string
  readonly given: JsonObject
}) {
  const t = useText()
  const [language, setLanguage] = useState(remembered.language)
  remembered.language = language
  const asked = useCode(plugin, operation, given)
  return (
    <div className={styles['code']}>
      <div className={styles['line']}>
        <SegmentedControl<Language>
          label={t('tryIt.language')}
          value={language}
          options={(['curl', 'fetch', 'python'] as const).map((value) => ({ value, label: names[value] }))}
          onChange={setLanguage}
        />
        {asked.codes && (
          <CopyButton text={asked.codes[language]} label={t('tryIt.copyCode', { name: names[language] })} />
        )}
      </div>
      {asked.error && <Refusal error={asked.error} />}
      {!asked.error && !asked.codes && <SkeletonRows count={4} />}
      {asked.codes && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable by keyboard */}
          <pre className={styles['pre']} tabIndex={0}>
            {asked.codes[language].slice(0, mostShown)}
            {asked.codes[language].length > mostShown && '…'}
          </pre>
          <p className={styles['quiet']}>{t('tryIt.codeSecrets')}</p>
        </>
      )}
    </div>
  )
}

interface Asked {
  readonly codes: Codes | null
  readonly error: AppError | null
}

function useCode({ id, versionId }: Plugin, operation: string, given: JsonObject): Asked {
  const [asked, setAsked] = useState<Asked>({ codes: null, error: null })
  // By what they say: every update of the list brings new objects.
  const text = JSON.stringify(given)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is another question
  useEffect(() => {
    let current = true
    const wanted = JSON.parse(text) as JsonObject
    const answer = argumentsTooLarge(wanted)
      ? Promise.resolve({ codes: null, error: null })
      : rpc.plugins.code({ id, operation, arguments: wanted }).then(
          (codes): Asked => ({ codes, error: null }),
          (error): Asked => ({ codes: null, error: asAppError(error) }),
        )
    void answer.then((next) => current && setAsked(next))
    return () => {
      current = false
    }
  }, [id, operation, versionId, text])
  return asked
}

function Refusal({ error }: { readonly error: AppError }) {
  const { sentence, advice } = describeError(error.code, error.details, useLanguage())
  return (
    <p className={styles['notice']} role="alert">
      <span>
        {sentence} {advice} <code>{error.code}</code>
      </span>
    </p>
  )
}
