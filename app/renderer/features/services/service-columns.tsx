import type { Service } from '../../../shared/contracts/services.ts'
import type { Translate } from '../../i18n/language.ts'
import { memory, percent } from '../../ui/format.ts'
import type { Column } from '../../ui/table/table-types.ts'
import { useReadings } from './readings-store.ts'
import { NameCell, PortsCell, ReadingCell, StateCell, UptimeCell } from './ServiceCells.tsx'
import { compareConcern, compareImages, compareNames, compareReading, compareUptime } from './service-order.ts'

const reading = (id: string) => useReadings.getState().byId.get(id)
const compareCpu = compareReading(reading, (sample) => sample.cpuPercent)
const compareMemory = compareReading(reading, (sample) => sample.memoryBytes)

/** The columns of the list; where it is narrow, the image goes first, then uptime, ports and memory. */
export const serviceColumns = (t: Translate, host: string): readonly Column<Service>[] => [
  {
    key: 'name',
    header: t('services.name'),
    sortable: true,
    compare: compareNames,
    cell: (service) => <NameCell service={service} />,
  },
  {
    key: 'state',
    header: t('services.state'),
    width: 216,
    sortable: true,
    compare: compareConcern,
    cell: (service) => <StateCell service={service} />,
  },
  {
    key: 'image',
    header: t('services.image'),
    sortable: true,
    compare: compareImages,
    priority: 4,
    cell: ({ image }) => <span title={image}>{image}</span>,
  },
  {
    key: 'ports',
    header: t('services.ports'),
    width: 120,
    priority: 2,
    cell: ({ ports }, current) => <PortsCell ports={ports} host={host} current={current} />,
  },
  {
    key: 'cpu',
    header: t('services.cpu'),
    width: 72,
    align: 'end',
    sortable: true,
    compare: compareCpu,
    cell: ({ id }) => <ReadingCell id={id} write={(sample, language) => percent(sample.cpuPercent, language)} />,
  },
  {
    key: 'memory',
    header: t('services.memory'),
    width: 88,
    align: 'end',
    sortable: true,
    compare: compareMemory,
    priority: 1,
    cell: ({ id }) => <ReadingCell id={id} write={(sample, language) => memory(sample.memoryBytes, language)} />,
  },
  {
    key: 'uptime',
    header: t('services.uptime'),
    width: 128,
    align: 'end',
    sortable: true,
    compare: compareUptime,
    priority: 3,
    cell: (service) => <UptimeCell service={service} />,
  },
]
