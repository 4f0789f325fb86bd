import { type RefObject, useEffect, useRef, useState } from 'react'
import type { CallResult, Exchange } from '../../../../shared/contracts/plugin-calls.ts'
import type { Plugin } from '../../../../shared/contracts/plugins.ts'
import type { Failure } from '../../../../shared/contracts/tasks.ts'
import { describeError, knownCode } from '../../../../shared/errors.ts'
import { type Translate, useLanguage, useText } from '../../../i18n/language.ts'
import { LinkButton } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { bytes } from '../../../ui/format.ts'
import { KeyValue } from '../../../ui/KeyValue.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { pluginPath } from '../plugin-address.ts'
import { callTime } from './call-words.ts'
import { ResponseBody } from './ResponseBody.tsx'
import styles from './TryIt.module.css'
import { type Answer, useTryIt } from './try-it-store.ts'

type Part = 'body' | 'headers' | 'request'

/** How the last call ended and what came back; it stays until the next one. */
export function Response({
  plugin,
  draftKey,
  scroller,
}: {
  readonly plugin: Plugin
  readonly draftKey: string
  readonly scroller: RefObject<HTMLElement | null>
}) {
  const t = useText()
  const answer = useTryIt((state) => state.answers.get(draftKey))
  const running = useTryIt((state) => state.running.has(draftKey))
  const root = useRef<HTMLElement>(null)
  useIntoView(answer?.at, root, scroller)
  return (
    <section ref={root} className={styles['response']} aria-labelledby="try-it-response">
      <h3 id="try-it-response">{t('tryIt.response')}</h3>
      {!answer && <p className={styles['quiet']}>{t(running ? 'tryIt.waiting' : 'tryIt.notSent')}</p>}
      {answer && running && <p className={styles['quiet']}>{t('tryIt.sentAnew')}</p>}
      {answer && <Answered key={answer.at} plugin={plugin} answer={answer} />}
    </section>
  )
}

/** A new answer below the fold is brought into view; the keyboard stays where it is. */
function useIntoView(
  at: number | undefined,
  root: RefObject<HTMLElement | null>,
  scroller: RefObject<HTMLElement | null>,
): void {
  const seen = useRef(at)
  useEffect(() => {
    if (at === seen.current) return
    seen.current = at
    const box = scroller.current
    const target = root.current
    if (!box || !target) return
    const top = target.getBoundingClientRect().top - box.getBoundingClientRect().top
    // Not scrollIntoView, which also scrolls the frame around the page.
    if (top > box.clientHeight * 0.6 || top < 0) box.scrollTo({ top: box.scrollTop + top - 12 })
  }, [at, root, scroller])
}

function Answered({ plugin, answer }: { readonly plugin: Plugin; readonly answer: Answer }) {
  const t = useText()
  const [part, setPart] = useState<Part>('body')
  const { result, failure } = answer
  const answered = result !== null && (result.ok || result.exchange?.status != null)
  const shown: Part = answered ? part : 'request'
  return (
    <>
      <StatusLine answer={answer} />
      {failure && <FailureBlock plugin={plugin} failure={failure} />}
      {result && result.dropped.length > 0 && (
        <p className={styles['quiet']}>{t('tryIt.dropped', { names: result.dropped.join(', ') })}</p>
      )}
      {result && (answered || result.exchange) && (
        <>
          {answered ? (
            <SegmentedControl<Part>
              label={t('tryIt.part')}
              value={shown}
              options={[
                { value: 'body', label: t('tryIt.body') },
                { value: 'headers', label: t('tryIt.headers') },
                { value: 'request', label: t('tryIt.request') },
              ]}
              onChange={setPart}
            />
          ) : (
            <h4 className={styles['small']}>{t('tryIt.request')}</h4>
          )}
          {shown === 'body' && <ResponseBody data={result.data} cutFrom={result.dataCutFrom} />}
          {shown === 'headers' && <Headers headers={result.exchange?.responseHeaders ?? {}} />}
          {shown === 'request' && <Sent exchange={result.exchange} />}
        </>
      )}
    </>
  )
}

function StatusLine({ answer: { at, result, failure } }: { readonly answer: Answer }) {
  const t = useText()
  const language = useLanguage()
  const cancelled = failure?.code === 'CANCELLED'
  const mark = cancelled ? 'stopped' : failure === null ? 'ok' : 'fail'
  const facts = result ? factsOf(result, t, language) : []
  return (
    <div className={styles['row']}>
      <div className={styles['status']} role="status">
        <span className={styles['line']}>
          <StateMark state={mark} />
          <strong>{statusWords(result, failure, t)}</strong>
        </span>
        {facts.map((fact) => (
          <span key={fact} className={styles['fact']}>
            {fact}
          </span>
        ))}
        <span className={styles['fact']}>
          <RelativeTime time={at} />
        </span>
      </div>
      {result && <CopyButton text={result.requestId} label={t('common.copyNamed', { name: t('tryIt.requestId') })} />}
    </div>
  )
}

/** Whether a call that was cancelled, or whose link broke, had gone out is not known without its exchange. */
function statusWords(result: CallResult | null, failure: Failure | null, t: Translate): string {
  const unsure = failure?.code === 'CANCELLED' || failure?.code === 'DISCONNECTED'
  if (!result?.exchange && !unsure) return t('tryIt.neverSent')
  const status = result?.exchange?.status ?? null
  return status === null ? t('tryIt.noStatus') : t('tryIt.status', { code: String(status) })
}

function factsOf(result: CallResult, t: Translate, language: string): string[] {
  const { durationMs, firstByteMs, exchange, attempts } = result
  return [
    callTime(durationMs, language),
    ...(firstByteMs === null ? [] : [t('tryIt.firstByte', { time: callTime(firstByteMs, language) })]),
    ...(exchange?.status == null ? [] : [bytes(exchange.responseBytes, language)]),
    ...(attempts > 1 ? [t('tryIt.attempts', { count: attempts })] : []),
  ]
}

/** What went wrong, what to do, and the way there. */
function FailureBlock({ plugin, failure }: { readonly plugin: Plugin; readonly failure: Failure }) {
  const t = useText()
  const language = useLanguage()
  if (failure.code === 'CANCELLED') return <p className={styles['quiet']}>{t('tryIt.cancelled')}</p>
  const { sentence, advice } = describeError(knownCode(failure.code), failure.details, language)
  const copy = `${failure.code}\n${sentence}\n${JSON.stringify(failure.details)}`
  return (
    <div className={styles['failure']} role="alert">
      <p>
        <strong>{sentence}</strong> {advice}
      </p>
      <div className={styles['line']}>
        <code>{failure.code}</code>
        <CopyButton text={copy} label={t('common.copyDetails')} />
        <WayOut plugin={plugin} code={failure.code} />
      </div>
    </div>
  )
}

function WayOut({ plugin, code }: { readonly plugin: Plugin; readonly code: string }) {
  const t = useText()
  switch (code) {
    case 'PLUGIN_NOT_CONFIGURED':
    case 'OAUTH_SIGN_IN_NEEDED':
    case 'OAUTH_REFUSED':
      return (
        <LinkButton variant="quiet" href={`#${pluginPath(plugin.id, 'configuration')}`}>
          {t('tryIt.openConfiguration')}
        </LinkButton>
      )
    case 'TOOL_DISABLED':
      return (
        <LinkButton variant="quiet" href={`#${pluginPath(plugin.id, 'findings')}`}>
          {t('tryIt.showFindings')}
        </LinkButton>
      )
    case 'ADDRESS_FORBIDDEN':
      return (
        <LinkButton variant="quiet" href="#/settings/localPlatform">
          {t('tryIt.openSettings')}
        </LinkButton>
      )
    default:
      return null
  }
}

function Headers({ headers }: { readonly headers: Readonly<Record<string, string>> }) {
  const t = useText()
  const all = Object.entries(headers)
  if (all.length === 0) return <p className={styles['quiet']}>{t('tryIt.noHeaders')}</p>
  return (
    <KeyValue
      items={all.map(([name, value]) => ({
        key: name,
        label: <Mono>{name}</Mono>,
        value: <Mono>{value}</Mono>,
        copy: value,
      }))}
    />
  )
}

function Sent({ exchange }: { readonly exchange: Exchange | null }) {
  const t = useText()
  if (!exchange) return <p className={styles['quiet']}>{t('tryIt.noExchange')}</p>
  const { method, url, requestHeaders, requestBody } = exchange
  return (
    <div className={styles['sent']}>
      <div className={styles['row']}>
        <Mono>
          {method} {url}
        </Mono>
        <CopyButton text={url} label={t('common.copyNamed', { name: t('tryIt.url') })} />
      </div>
      <Headers headers={requestHeaders} />
      <div className={styles['line']}>
        <h4 className={styles['small']}>{t('tryIt.sentBody')}</h4>
        {requestBody !== null && <CopyButton text={requestBody} label={t('tryIt.copyRequest')} />}
      </div>
      {requestBody === null ? (
        <p className={styles['quiet']}>{t('tryIt.noBody')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable by keyboard
        <pre className={styles['pre']} tabIndex={0}>
          {requestBody}
        </pre>
      )}
      <p className={styles['quiet']}>{t('tryIt.masked')}</p>
    </div>
  )
}
