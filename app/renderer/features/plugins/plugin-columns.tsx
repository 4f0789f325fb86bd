import type { Plugin } from '../../../shared/contracts/plugins.ts'
import type { Translate } from '../../i18n/language.ts'
import type { Column } from '../../ui/table/table-types.ts'
import { CountCell, ErrorsCell, LastCell, NameCell, SlowCell, StateCell, ToolsCell } from './PluginCells.tsx'
import { compareConcern, compareFigure, compareNames, compareVersions, errorShare } from './plugin-order.ts'
import { kindNames } from './plugin-words.ts'

const number = (key: string, header: string, width: number, priority: number) =>
  ({ key, header, width, priority, align: 'end', sortable: true }) as const

/** The columns of the list; where it is narrow, models go first, then kind, tools, p95, version and the last call. */
export const pluginColumns = (t: Translate, found: ReadonlyMap<string, string>): readonly Column<Plugin>[] => [
  {
    key: 'name',
    header: t('plugins.name'),
    sortable: true,
    compare: compareNames,
    cell: (plugin) => <NameCell plugin={plugin} tool={found.get(plugin.id)} />,
  },
  {
    key: 'state',
    header: t('plugins.state'),
    width: 208,
    sortable: true,
    compare: compareConcern,
    cell: (plugin) => <StateCell plugin={plugin} />,
  },
  {
    key: 'version',
    header: t('plugins.version'),
    width: 88,
    priority: 2,
    sortable: true,
    compare: compareVersions,
    cell: ({ version }) => <span title={version}>{version}</span>,
  },
  {
    key: 'kind',
    header: t('plugins.kind'),
    width: 80,
    priority: 5,
    sortable: true,
    text: ({ kind }) => kindNames[kind],
    cell: ({ kind }) => kindNames[kind],
  },
  {
    ...number('tools', t('plugins.tools'), 112, 4),
    compare: compareFigure(({ toolCount }) => toolCount),
    cell: (plugin) => <ToolsCell plugin={plugin} />,
  },
  {
    ...number('models', t('plugins.models'), 64, 6),
    compare: compareFigure(({ modelCount }) => modelCount),
    cell: ({ modelCount }) => <CountCell value={modelCount} />,
  },
  {
    ...number('calls', t('plugins.callsHour'), 88, 0),
    compare: compareFigure(({ figures }) => figures.calls),
    cell: ({ figures }) => <CountCell value={figures.calls} />,
  },
  {
    ...number('errors', t('plugins.errorShare'), 72, 0),
    compare: compareFigure(errorShare),
    cell: (plugin) => <ErrorsCell plugin={plugin} />,
  },
  {
    ...number('p95', t('plugins.p95'), 72, 3),
    compare: compareFigure(({ figures }) => figures.p95Ms),
    cell: (plugin) => <SlowCell plugin={plugin} />,
  },
  {
    ...number('last', t('plugins.lastCall'), 104, 1),
    compare: compareFigure(({ figures }) => figures.lastAt),
    cell: (plugin) => <LastCell plugin={plugin} />,
  },
]
