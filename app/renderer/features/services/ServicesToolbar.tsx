import { CirclePlay, RotateCw, Square, Trash2 } from 'lucide-react'
import type { Ref } from 'react'
import type { Service } from '../../../shared/contracts/services.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { useText } from '../../i18n/language.ts'
import { ListToolbar } from '../../shell/list/ListToolbar.tsx'
import { Button } from '../../ui/Button.tsx'
import { Selection } from '../../ui/Selection.tsx'
import { applicable } from './action-rules.ts'
import { act, ask } from './service-actions.ts'
import { useServicesView } from './services-view.ts'

const states: readonly (readonly [string, TextKey])[] = [
  ['', 'services.allStates'],
  ['running', 'services.filterRunning'],
  ['warning', 'services.filterWarning'],
  ['failed', 'services.filterFailed'],
  ['stopped', 'services.filterStopped'],
  ['busy', 'services.filterBusy'],
]

export function ServicesToolbar({
  projects,
  selected,
  filter,
}: {
  /** Names of the projects there are, sorted. */
  readonly projects: readonly string[]
  readonly selected: readonly Service[]
  readonly filter: Ref<HTMLInputElement>
}) {
  const t = useText()
  const { text, state, project } = useServicesView()
  const known = project === '' || project === '-' || projects.includes(project) ? projects : [project, ...projects]
  return (
    <ListToolbar
      filter={filter}
      label={t('services.filterLabel')}
      placeholder={t('services.filter')}
      text={text}
      onText={(next) => useServicesView.setState({ text: next })}
      choices={[
        {
          label: t('services.stateFilter'),
          value: state,
          options: states.map(([value, key]) => ({ value, label: t(key) })),
          onChange: (next) => useServicesView.setState({ state: next }),
        },
        {
          label: t('services.projectFilter'),
          value: project,
          options: [
            { value: '', label: t('services.allProjects') },
            ...known.map((name) => ({ value: name, label: name })),
            { value: '-', label: t('services.noProject') },
          ],
          onChange: (next) => useServicesView.setState({ project: next }),
        },
      ]}
      end={selected.length > 0 && <SelectionActions services={selected} />}
    />
  )
}

/** What can be done to the selected services; what applies to none of them is disabled. */
function SelectionActions({ services }: { readonly services: readonly Service[] }) {
  const t = useText()
  const none = (kind: Parameters<typeof applicable>[0]) => applicable(kind, services).length === 0
  return (
    <Selection
      label={t('services.selected', { count: services.length })}
      clear={{
        label: t('services.clearSelection'),
        onClick: () => useServicesView.setState({ selected: new Set() }),
      }}
    >
      <Button icon={CirclePlay} disabled={none('start')} onClick={() => void act(services, { kind: 'start' })}>
        {t('services.start')}
      </Button>
      <Button icon={Square} disabled={none('stop')} onClick={() => void act(services, { kind: 'stop' })}>
        {t('services.stop')}
      </Button>
      <Button icon={RotateCw} disabled={none('restart')} onClick={() => void act(services, { kind: 'restart' })}>
        {t('services.restart')}
      </Button>
      <Button variant="danger" icon={Trash2} disabled={none('remove')} onClick={() => ask('remove', services)}>
        {t('services.remove')}
      </Button>
    </Selection>
  )
}
