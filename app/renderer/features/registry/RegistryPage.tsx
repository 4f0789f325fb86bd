import { Network, Trash2, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Instance } from '../../../shared/contracts/registry.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { Failed } from '../../shell/Failed.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { usePageTitle } from '../../shell/title.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Mono } from '../../ui/Mono.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { Table } from '../../ui/Table.tsx'
import { Toolbar } from '../../ui/Toolbar.tsx'
import type { Sort } from '../../ui/table/table-types.ts'
import { usePlatform } from '../platform/platform-store.ts'
import styles from './Registry.module.css'
import { registryColumns } from './registry-columns.tsx'
import { useRegistry } from './registry-store.ts'
import { addressOfPart, registerCommand } from './registry-words.ts'
import { removeInstances } from './remove-instances.tsx'

const keyOf = ({ id }: Instance) => id
const labelOf = ({ url }: Instance) => url
const nameOf = ({ name }: Instance) => name
const byAddress: Sort = { key: 'url', direction: 'ascending' }

/** Services of the operator's own that registered at the local platform, instance by instance. */
export function RegistryPage() {
  const t = useText()
  const language = useLanguage()
  const { byId, heard, failure } = useRegistry()
  const [sort, setSort] = useState<Sort | null>(null)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  usePageTitle(t('registry.title'))
  const rows = useMemo(() => [...byId.values()], [byId])
  const columns = useMemo(() => registryColumns(t, language), [t, language])
  const chosen = rows.filter(({ id }) => selected.has(id))
  useShortcuts(
    {
      Delete: {
        label: t('registry.remove'),
        run: () => {
          const key = document.activeElement?.closest<HTMLElement>('[data-key]')?.dataset['key']
          void removeInstances(chosen.length > 0 ? chosen : rows.filter(({ id }) => id === key))
        },
      },
    },
    t('registry.title'),
  )
  if (failure && !heard) return <Failed error={failure} />
  if (!heard) return <SkeletonRows />
  return (
    <>
      {rows.length > 0 && (
        <Toolbar end={chosen.length > 0 && <Chosen chosen={chosen} clear={() => setSelected(new Set())} />}>
          <span className={styles['quiet']}>{t('registry.intro')}</span>
        </Toolbar>
      )}
      <Table
        label={t('registry.label')}
        rows={rows}
        columns={columns}
        rowKey={keyOf}
        rowLabel={labelOf}
        sort={sort ?? byAddress}
        onSort={setSort}
        selection={{ selected, onChange: setSelected }}
        groups={{
          key: nameOf,
          header: (name, instances) => <Service name={name ?? ''} instances={instances} />,
          collapsed,
          onToggle: (key) =>
            setCollapsed((was) => new Set(was.has(key) ? [...was].filter((one) => one !== key) : [...was, key])),
        }}
        rowActionsWidth={72}
        rowActions={(instance) => (
          <>
            <CopyButton text={instance.url} label={t('registry.copyAddress', { url: instance.url })} />
            <IconButton
              icon={Trash2}
              label={t('registry.removeNamed', { url: instance.url })}
              shortcut="Delete"
              onClick={() => void removeInstances([instance])}
            />
          </>
        )}
        empty={<Empty />}
      />
    </>
  )
}

function Chosen({ chosen, clear }: { readonly chosen: readonly Instance[]; readonly clear: () => void }) {
  const t = useText()
  return (
    <>
      <span aria-live="polite">{t('registry.selected', { count: chosen.length })}</span>
      <Button variant="danger" icon={Trash2} onClick={() => void removeInstances(chosen)}>
        {t('registry.remove')}
      </Button>
      <IconButton icon={X} label={t('services.clearSelection')} onClick={clear} />
    </>
  )
}

/** A service: how many of its instances answer, and where callers find it. */
function Service({ name, instances }: { readonly name: string; readonly instances: readonly Instance[] }) {
  const t = useText()
  const address = usePlatform(({ state }) => addressOfPart(state, 'gateway'))
  const up = instances.filter(({ state }) => state.kind === 'up').length
  const counts = [
    { state: 'ok', count: up, words: t('registry.countUp', { count: up }) },
    { state: 'fail', count: instances.length - up, words: t('registry.countDown', { count: instances.length - up }) },
  ] as const
  const path = `${address}/api/${name}/`
  return (
    <span className={styles['group']}>
      <span className={styles['groupName']}>{name}</span>
      <span className={styles['counts']}>
        {counts
          .filter(({ count }) => count > 0)
          .map(({ state, count, words }) => (
            <span key={state} className={styles['count']} title={words}>
              <StateMark state={state} label={words} />
              <span aria-hidden>{count}</span>
            </span>
          ))}
      </span>
      <span className={styles['path']}>
        <Mono>{path}</Mono>
        <CopyButton text={path} label={t('registry.copyPath', { name })} />
      </span>
    </span>
  )
}

function Empty() {
  const t = useText()
  const command = usePlatform(({ state }) => registerCommand(state))
  return (
    <EmptyState
      icon={Network}
      title={t('registry.empty')}
      action={
        <div className={styles['command']}>
          <Mono>{command}</Mono>
          <CopyButton text={command} label={t('registry.copyCommand')} />
        </div>
      }
    >
      {t('registry.emptyText')}
    </EmptyState>
  )
}
