import type { Key } from '../../../shared/contracts/keys.ts'
import type { Translate } from '../../i18n/language.ts'
import type { Column } from '../../ui/table/table-types.ts'
import { CostCell, CountCell, ErrorsCell, ExpiryCell, LastErrorCell, NameCell, StateCell } from './KeyCells.tsx'
import { errorShare } from './key-figures.ts'
import {
  compareConcern,
  compareExpiry,
  compareFigure,
  compareNames,
  compareServices,
  compareTiers,
} from './key-order.ts'

/** The columns of the list; where it is narrow, the last error goes first, then secret, expiry, cost and tier. */
export const keyColumns = (t: Translate): readonly Column<Key>[] => [
  {
    key: 'name',
    header: t('keys.name'),
    sortable: true,
    compare: compareNames,
    cell: (entry) => <NameCell entry={entry} />,
  },
  {
    key: 'state',
    header: t('keys.state'),
    width: 176,
    sortable: true,
    compare: compareConcern,
    cell: (entry) => <StateCell entry={entry} />,
  },
  {
    key: 'service',
    header: t('keys.service'),
    width: 72,
    sortable: true,
    compare: compareServices,
    cell: ({ service }) => <span title={service}>{service}</span>,
  },
  {
    key: 'tier',
    header: t('keys.tier'),
    width: 72,
    priority: 1,
    sortable: true,
    compare: compareTiers,
    cell: ({ tier }) => <span title={tier}>{tier}</span>,
  },
  {
    key: 'secret',
    header: t('keys.secret'),
    width: 100,
    priority: 4,
    cell: ({ maskedSecret }) => <code title={maskedSecret}>{maskedSecret}</code>,
  },
  {
    key: 'requests',
    header: t('keys.requestsToday'),
    width: 72,
    align: 'end',
    sortable: true,
    compare: compareFigure(({ use }) => use.requestsToday),
    cell: ({ use }) => <CountCell value={use.requestsToday} />,
  },
  {
    key: 'errors',
    header: t('keys.errorShare'),
    width: 64,
    align: 'end',
    sortable: true,
    compare: compareFigure(errorShare),
    cell: (entry) => <ErrorsCell entry={entry} />,
  },
  {
    key: 'cost',
    header: t('keys.costMonth'),
    width: 120,
    align: 'end',
    priority: 2,
    sortable: true,
    compare: compareFigure(({ use }) => use.costThisMonth),
    cell: (entry) => <CostCell entry={entry} />,
  },
  {
    key: 'expiry',
    header: t('keys.expiry'),
    width: 96,
    priority: 3,
    sortable: true,
    compare: compareExpiry,
    cell: (entry) => <ExpiryCell entry={entry} />,
  },
  {
    key: 'lastError',
    header: t('keys.lastError'),
    priority: 5,
    cell: (entry) => <LastErrorCell entry={entry} />,
  },
]
