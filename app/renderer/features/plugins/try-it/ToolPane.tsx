import { ArrowLeft, RotateCw } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Plugin, ToolDetails } from '../../../../shared/contracts/plugins.ts'
import type { AppError } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { asAppError } from '../../../shell/run.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button, LinkButton } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { pluginPath } from '../plugin-address.ts'
import { CallHistory } from './CallHistory.tsx'
import { Description } from './FieldFrame.tsx'
import { Request } from './Request.tsx'
import { Response } from './Response.tsx'
import styles from './TryIt.module.css'
import { disabledReason } from './tool-filter.ts'
import { keyOf } from './try-it-store.ts'

type Asked =
  | { readonly kind: 'asking' }
  | { readonly kind: 'tool'; readonly tool: ToolDetails }
  | { readonly kind: 'failed'; readonly error: AppError }

/** One tool: its arguments, its answer, its earlier calls. */
export function ToolPane({
  plugin,
  operation,
  back,
}: {
  readonly plugin: Plugin
  readonly operation: string
  /** To the list, where it has no room beside the tool. */
  readonly back: () => void
}) {
  const t = useText()
  const pane = useRef<HTMLDivElement>(null)
  const [asked, ask] = useTool(plugin, operation)
  return (
    <div ref={pane} className={styles['pane']}>
      <div className={styles['back']}>
        <Button variant="quiet" icon={ArrowLeft} onClick={back}>
          {t('tryIt.allTools')}
        </Button>
      </div>
      {asked.kind === 'asking' && <SkeletonRows />}
      {asked.kind === 'failed' && (
        <Failed
          error={asked.error}
          action={
            <Button icon={RotateCw} onClick={ask}>
              {t('services.retryNow')}
            </Button>
          }
        />
      )}
      {asked.kind === 'tool' && (
        <>
          <About plugin={plugin} tool={asked.tool} />
          <div className={styles['exchange']}>
            <Request plugin={plugin} tool={asked.tool} />
            <Response plugin={plugin} draftKey={keyOf(plugin.id, operation)} scroller={pane} />
          </div>
          <CallHistory plugin={plugin} operation={operation} />
        </>
      )}
    </div>
  )
}

/** The tool as the version in use has it; asked for anew with every version. */
function useTool({ id, versionId }: Plugin, operation: string): readonly [Asked, () => void] {
  const [asked, setAsked] = useState<Asked>({ kind: 'asking' })
  const [times, setTimes] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version, or another try, is another question
  useEffect(() => {
    let current = true
    rpc.plugins.tool({ id, operation }).then(
      (tool) => current && setAsked({ kind: 'tool', tool }),
      (error) => current && setAsked({ kind: 'failed', error: asAppError(error) }),
    )
    return () => {
      current = false
    }
  }, [id, operation, versionId, times])
  const ask = () => {
    setAsked({ kind: 'asking' })
    setTimes((before) => before + 1)
  }
  return [asked, ask]
}

function About({ plugin, tool }: { readonly plugin: Plugin; readonly tool: ToolDetails }) {
  const t = useText()
  const language = useLanguage()
  const { operationId, summary, method, path, description, disabled } = tool
  return (
    <>
      {disabled !== null && (
        <div className={styles['banner']}>
          <Banner
            tone="warn"
            action={
              <LinkButton variant="quiet" href={`#${pluginPath(plugin.id, 'findings')}`}>
                {t('tryIt.showFindings')}
              </LinkButton>
            }
          >
            {t('tryIt.disabledBecause', { tool: operationId, reason: disabledReason(tool, language) })}
          </Banner>
        </div>
      )}
      <header className={styles['about']}>
        <div className={styles['line']}>
          <h3 className={styles['title']}>
            <code>{operationId}</code>
          </h3>
          <CopyButton text={operationId} label={t('common.copyNamed', { name: operationId })} />
        </div>
        <p>{summary}</p>
        <p className={styles['quiet']}>
          <code className={styles['method']}>{method}</code> <Mono>{path}</Mono>
        </p>
        {description !== summary && (
          <div className={styles['quiet']}>
            <Description text={description} />
          </div>
        )}
      </header>
    </>
  )
}
