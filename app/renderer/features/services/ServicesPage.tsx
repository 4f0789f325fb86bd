import { Container, RotateCw } from 'lucide-react'
import { useMemo } from 'react'
import { conditionOf, type Service } from '../../../shared/contracts/services.ts'
import { type Translate, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { run } from '../../shell/run.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Column } from '../../ui/table/table-types.ts'
import { useServices } from './services-store.ts'

const columnsIn = (t: Translate): Column<Service>[] => [
  {
    key: 'name',
    header: t('services.name'),
    cell: (service) => (
      <>
        <StateMark state={conditionOf(service)} label={service.requested ?? service.state.kind} /> {service.name}
      </>
    ),
  },
  { key: 'image', header: t('services.image'), cell: ({ image }) => image },
]

const keyOf = ({ id }: Service) => id
const restart = (id: string) => void run(rpc.services.act({ ids: [id], action: { kind: 'restart' } }))

export function ServicesPage() {
  const t = useText()
  const { byId, heard } = useServices()
  const rows = useMemo(() => [...byId.values()], [byId])
  const columns = useMemo(() => columnsIn(t), [t])
  if (!heard) return <SkeletonRows />
  return (
    <Table
      label={t('shell.services')}
      rows={rows}
      columns={columns}
      rowKey={keyOf}
      rowActions={({ id, name, requested }) => (
        <IconButton
          icon={RotateCw}
          label={t('services.restartNamed', { name })}
          disabled={requested !== null}
          onClick={() => restart(id)}
        />
      )}
      empty={
        <EmptyState icon={Container} title={t('services.empty')}>
          {t('services.emptyText')}
        </EmptyState>
      }
    />
  )
}
