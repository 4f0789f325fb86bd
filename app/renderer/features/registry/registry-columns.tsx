import type { Instance } from '../../../shared/contracts/registry.ts'
import type { Translate } from '../../i18n/language.ts'
import { Mono } from '../../ui/Mono.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import type { Column } from '../../ui/table/table-types.ts'
import styles from './Registry.module.css'
import { stateWords } from './registry-words.ts'

export const registryColumns = (t: Translate, language: string): Column<Instance>[] => [
  {
    key: 'url',
    header: t('registry.address'),
    width: 248,
    sortable: true,
    text: ({ url }) => url,
    cell: ({ url }) => <Mono title={url}>{url}</Mono>,
  },
  {
    key: 'state',
    header: t('registry.state'),
    sortable: true,
    text: ({ state }) => state.kind,
    cell: (instance) => {
      const words = stateWords(instance, t, language)
      return (
        <span className={styles['state']}>
          <StateMark state={instance.state.kind === 'up' ? 'ok' : 'fail'} />
          <span className={styles['sentence']} title={words}>
            {words}
          </span>
        </span>
      )
    },
  },
  {
    key: 'version',
    header: t('registry.version'),
    width: 88,
    priority: 2,
    sortable: true,
    text: ({ version }) => version ?? '',
    cell: ({ version }) => (version === null ? '–' : <Mono title={version}>{version}</Mono>),
  },
  {
    key: 'heartbeat',
    header: t('registry.heartbeat'),
    width: 128,
    priority: 1,
    sortable: true,
    compare: (a, b) => b.lastHeartbeatAt - a.lastHeartbeatAt,
    cell: ({ lastHeartbeatAt }) => <RelativeTime time={lastHeartbeatAt} />,
  },
  {
    key: 'requests',
    header: t('registry.requests'),
    width: 96,
    align: 'end',
    sortable: true,
    compare: (a, b) => b.requests - a.requests,
    cell: ({ requests }) => requests.toLocaleString(language),
  },
  {
    key: 'errors',
    header: t('registry.errors'),
    width: 80,
    align: 'end',
    sortable: true,
    compare: (a, b) => b.errors - a.errors,
    cell: ({ errors }) => errors.toLocaleString(language),
  },
]
