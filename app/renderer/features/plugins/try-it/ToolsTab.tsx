import { PackageX } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { ToolSummary } from '../../../../shared/contracts/plugin-calls.ts'
import type { Plugin } from '../../../../shared/contracts/plugins.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { ToolList } from './ToolList.tsx'
import { ToolPane } from './ToolPane.tsx'
import styles from './TryIt.module.css'

type Looked =
  | { readonly kind: 'looking' }
  | { readonly kind: 'tools'; readonly tools: readonly ToolSummary[] }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: Error }

/** The tools of a plugin; the chosen one can be called beside the list, or, where it is narrow, in its place. */
export function ToolsTab({
  plugin,
  operation,
  open,
}: {
  readonly plugin: Plugin
  /** From the address; null while no tool is chosen. */
  readonly operation: string | null
  readonly open: (operation: string | null) => void
}) {
  const t = useText()
  const { id } = plugin
  const [looked, setLooked] = useState<Looked>({ kind: 'looking' })
  useEvent(
    rpc.plugins.onDetails,
    { id },
    (update) => setLooked(update.kind === 'gone' ? update : { kind: 'tools', tools: update.details.tools }),
    (error) => setLooked({ kind: 'failed', error }),
  )
  const back = useCallback(() => open(null), [open])
  switch (looked.kind) {
    case 'looking':
      return <SkeletonRows />
    case 'gone':
      return <EmptyState icon={PackageX} title={t('tryIt.gone')} />
    case 'failed':
      return <Failed error={looked.error} />
    case 'tools':
      return (
        <div className={styles['tab']} data-chosen={operation !== null || undefined}>
          <div className={styles['list']}>
            <ToolList plugin={plugin} tools={looked.tools} operation={operation} open={open} />
          </div>
          {operation !== null && <ToolPane key={operation} plugin={plugin} operation={operation} back={back} />}
        </div>
      )
  }
}
