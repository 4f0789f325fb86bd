import type { Plugin, PluginDetails } from '../../../../shared/contracts/plugins.ts'
import { useText } from '../../../i18n/language.ts'
import { classes } from '../../../ui/classes.ts'
import type { OpenPlugin } from '../plugin-address.ts'
import { pluginPath } from '../plugin-address.ts'
import { CallHistory } from './CallHistory.tsx'
import styles from './Drawer.module.css'
import { TestReportView } from './TestReportView.tsx'

/** What was called and how it went; its second half is the test of every endpoint. Both have an address. */
export function CallsTab({
  plugin,
  details,
  testing,
  open,
}: {
  readonly plugin: Plugin
  readonly details: PluginDetails
  readonly testing: boolean
  readonly open: OpenPlugin
}) {
  const t = useText()
  const half = (tab: 'calls' | 'test', label: string) => (
    <a
      href={`#${pluginPath(plugin.id, tab)}`}
      aria-current={testing === (tab === 'test') ? 'page' : undefined}
      className={classes(styles['half'], testing === (tab === 'test') && styles['halfActive'])}
    >
      {label}
    </a>
  )
  return (
    <div className={styles['tab']}>
      <nav className={styles['halves']} aria-label={t('plugins.tabCalls')}>
        {half('calls', t('plugins.history'))}
        {half('test', t('plugins.endpointTest'))}
      </nav>
      {testing ? (
        <TestReportView plugin={plugin} report={details.lastTest} />
      ) : (
        <CallHistory plugin={plugin} open={open} />
      )}
    </div>
  )
}
