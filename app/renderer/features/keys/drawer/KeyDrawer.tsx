import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { KeyDetails } from '../../../../shared/contracts/keys.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'
import { ChangesTab } from '../../../shell/changes/ChangesTab.tsx'
import { Failed } from '../../../shell/Failed.tsx'
import { useKeys } from '../../../shell/keys-mirror.ts'
import { Button } from '../../../ui/Button.tsx'
import { Drawer } from '../../../ui/Drawer.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { KeyRowActions } from '../KeyRowActions.tsx'
import { type KeyTab, keyPath, type OpenKey } from '../key-address.ts'
import { conditionOf } from '../key-condition.ts'
import { vendorNames } from '../key-words.ts'
import { SummaryTab } from './SummaryTab.tsx'
import { TestsTab } from './TestsTab.tsx'
import { UseTab } from './UseTab.tsx'

const tabs = [
  ['summary', 'keys.tabSummary'],
  ['use', 'keys.tabUse'],
  ['tests', 'keys.tabTests'],
  ['changes', 'keys.tabChanges'],
] as const

/** One key beside the list. */
export function KeyDrawer({ id, tab, open }: { readonly id: string; readonly tab: string; readonly open: OpenKey }) {
  const t = useText()
  const [, navigate] = useLocation()
  const key = useKeys(({ byId }) => byId.get(id))
  const heard = useKeys((state) => state.heard)
  const close = () => navigate('/keys')
  const active: KeyTab = tabs.find(([known]) => known === tab)?.[0] ?? 'summary'

  if (!key) {
    return (
      <Drawer title={id} tabs={[]} active="" onClose={close}>
        {heard ? <NotFound onClose={close} /> : <SkeletonRows />}
      </Drawer>
    )
  }
  return (
    <Drawer
      title={key.name}
      subtitle={`${vendorNames[key.vendor]} · ${key.service} · ${key.tier}`}
      marks={<StateMark state={conditionOf(key)} />}
      actions={<KeyRowActions entry={key} open={open} />}
      tabs={tabs.map(([one, label]) => ({ key: one, label: t(label), href: `#${keyPath(id, one)}` }))}
      active={active}
      onClose={close}
    >
      {active === 'summary' && <SummaryTab entry={key} />}
      {active === 'changes' && <ChangesTab id={id} of="keys" />}
      {active === 'use' && <WithDetails id={id}>{(details) => <UseTab entry={key} details={details} />}</WithDetails>}
      {active === 'tests' && (
        <WithDetails id={id}>{(details) => <TestsTab entry={key} details={details} />}</WithDetails>
      )}
    </Drawer>
  )
}

/** What main tells of one key alone, for as long as it is looked at. */
function WithDetails({
  id,
  children,
}: {
  readonly id: string
  readonly children: (details: KeyDetails) => React.ReactNode
}) {
  const [details, setDetails] = useState<KeyDetails | null>(null)
  const [error, setError] = useState<Error | null>(null)
  useEvent(
    rpc.keys.onDetails,
    { id },
    (next) => {
      setError(null)
      setDetails(next)
    },
    setError,
  )
  if (error) return <Failed error={error} />
  return details ? children(details) : <SkeletonRows />
}

function NotFound({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  return (
    <EmptyState
      icon={KeyRound}
      title={t('keys.notFound')}
      action={<Button onClick={onClose}>{t('keys.backToList')}</Button>}
    >
      {t('keys.notFoundText')}
    </EmptyState>
  )
}
