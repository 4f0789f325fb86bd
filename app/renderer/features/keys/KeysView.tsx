import { FilterX, KeyRound } from 'lucide-react'
import { useCallback, useDeferredValue, useMemo, useRef } from 'react'
import { useLocation, useRoute } from 'wouter'
import type { Key } from '../../../shared/contracts/keys.ts'
import { useText } from '../../i18n/language.ts'
import { useKeys } from '../../shell/keys-mirror.ts'
import { ListTable } from '../../shell/list/ListTable.tsx'
import { WhenHeard } from '../../shell/list/WhenHeard.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SplitView } from '../../ui/SplitView.tsx'
import { openDialog } from './dialogs/dialog-store.ts'
import { KeyDrawer } from './drawer/KeyDrawer.tsx'
import { GroupHeader } from './GroupHeader.tsx'
import { KeyRowActions } from './KeyRowActions.tsx'
import { KeysToolbar } from './KeysToolbar.tsx'
import { type KeyTab, keyPath, unpacked } from './key-address.ts'
import { keyColumns } from './key-columns.tsx'
import { matches } from './key-filter.ts'
import { groupOf } from './key-order.ts'
import { stateSentence } from './key-words.ts'
import { clearFilter, filterOf, isFiltered, useKeysView } from './keys-view.ts'
import { useKeyShortcuts } from './use-key-shortcuts.ts'

/** An alias, not an interface: only an alias counts as a map of parameters. */
type Address = { readonly id: string; readonly tab?: string }
const keyOf = ({ id }: Key) => id
const nameOf = ({ name }: Key) => name
const asTried = { key: 'service', direction: 'ascending' } as const

/** The list of keys with the drawer of one. */
export function KeysView() {
  const t = useText()
  const [, navigate] = useLocation()
  const [, params] = useRoute<Address>('/keys/:id/:tab?')
  const openId = params?.id === undefined || params.id === 'add' ? null : unpacked(params.id)
  const { byId, heard, failure } = useKeys()
  const view = useKeysView()
  // The filter field answers at once; a list of thousands follows as fast as it can.
  const asked = useDeferredValue(view)
  const filter = useRef<HTMLInputElement>(null)

  const wanted = useMemo(() => filterOf(asked), [asked])
  const rows = useMemo(
    () => [...byId.values()].filter((key) => matches(key, wanted, (one) => stateSentence(one, t))),
    [byId, wanted, t],
  )
  const selected = useMemo(() => [...view.selected].flatMap((id) => byId.get(id) ?? []), [view.selected, byId])
  const columns = useMemo(() => keyColumns(t), [t])

  const open = useCallback((id: string, tab: KeyTab) => navigate(keyPath(id, tab)), [navigate])
  const rowActions = useCallback((key: Key) => <KeyRowActions entry={key} open={open} />, [open])
  const openSummary = useCallback((key: Key) => open(key.id, 'summary'), [open])
  useKeyShortcuts({ openId, selected, open, filter })

  return (
    <SplitView
      drawer={openId !== null && <KeyDrawer key={openId} id={openId} tab={params?.tab ?? 'summary'} open={open} />}
    >
      <KeysToolbar selected={selected} filter={filter} />
      <WhenHeard heard={heard} failure={failure}>
        <ListTable
          label={t('keys.title')}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          rowLabel={nameOf}
          rowActions={rowActions}
          rowActionsWidth={72}
          active={openId}
          onOpen={openSummary}
          view={view}
          change={useKeysView.setState}
          sort={asTried}
          groups={{
            key: groupOf,
            header: (group, keys) => <GroupHeader group={group} keys={keys} />,
          }}
          empty={<NoRows hidden={isFiltered(view) ? byId.size : 0} />}
        />
      </WhenHeard>
    </SplitView>
  )
}

function NoRows({ hidden }: { readonly hidden: number }) {
  const t = useText()
  if (hidden === 0) {
    return (
      <EmptyState
        icon={KeyRound}
        title={t('keys.empty')}
        action={<Button onClick={() => openDialog({ kind: 'add' })}>{t('keys.add')}</Button>}
      >
        {t('keys.emptyText')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={FilterX}
      title={t('keys.emptyFiltered')}
      action={<Button onClick={clearFilter}>{t('keys.clearFilter')}</Button>}
    >
      {t('keys.emptyFilteredText', { count: hidden })}
    </EmptyState>
  )
}
