import { Ellipsis, FileInput, FileLock, Plus, Power, PowerOff, TimerReset, Trash2 } from 'lucide-react'
import type { Ref } from 'react'
import { type Key, Vendor } from '../../../shared/contracts/keys.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { useText } from '../../i18n/language.ts'
import { ListToolbar } from '../../shell/list/ListToolbar.tsx'
import { Button } from '../../ui/Button.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Selection } from '../../ui/Selection.tsx'
import { openDialog } from './dialogs/dialog-store.ts'
import { applicable, enableKeys, type KeyAction, removeKeys, resetKeys } from './key-actions.tsx'
import { vendorNames } from './key-words.ts'
import { useKeysView } from './keys-view.ts'

const states: readonly (readonly [string, TextKey])[] = [
  ['', 'keys.allStates'],
  ['ready', 'keys.filterReady'],
  ['cooling', 'keys.filterCooling'],
  ['failing', 'keys.filterFailing'],
  ['disabled', 'keys.filterDisabled'],
]

export function KeysToolbar({
  selected,
  filter,
}: {
  readonly selected: readonly Key[]
  readonly filter: Ref<HTMLInputElement>
}) {
  const t = useText()
  const { text, state, vendor } = useKeysView()
  return (
    <ListToolbar
      filter={filter}
      label={t('keys.filterLabel')}
      placeholder={t('keys.filter')}
      text={text}
      onText={(next) => useKeysView.setState({ text: next })}
      choices={[
        {
          label: t('keys.stateFilter'),
          value: state,
          options: states.map(([value, key]) => ({ value, label: t(key) })),
          onChange: (next) => useKeysView.setState({ state: next }),
        },
        {
          label: t('keys.vendorFilter'),
          value: vendor,
          options: [
            { value: '', label: t('keys.allVendors') },
            ...Vendor.options.map((value) => ({ value, label: vendorNames[value] })),
          ],
          onChange: (next) => useKeysView.setState({ vendor: next }),
        },
      ]}
      end={selected.length > 0 ? <SelectionActions keys={selected} /> : <Actions />}
    />
  )
}

/** Adding a key, and what concerns all of them. */
function Actions() {
  const t = useText()
  return (
    <>
      <Button variant="primary" icon={Plus} onClick={() => openDialog({ kind: 'add' })}>
        {t('keys.add')}
      </Button>
      <Menu
        label={t('keys.more')}
        trigger={<IconButton icon={Ellipsis} label={t('keys.more')} />}
        items={[
          { key: 'import', label: t('keys.import'), icon: FileInput, onSelect: () => openDialog({ kind: 'import' }) },
          { key: 'export', label: t('keys.export'), icon: FileLock, onSelect: () => openDialog({ kind: 'export' }) },
        ]}
      />
    </>
  )
}

/** What can be done to the selected keys; what applies to none of them is not offered. */
function SelectionActions({ keys }: { readonly keys: readonly Key[] }) {
  const t = useText()
  const none = (action: KeyAction) => applicable(action, keys).length === 0
  return (
    <Selection
      label={t('keys.selected', { count: keys.length })}
      clear={{
        label: t('keys.clearSelection'),
        onClick: () => useKeysView.setState({ selected: new Set() }),
      }}
    >
      <Button icon={Power} disabled={none('enable')} onClick={() => void enableKeys(keys)}>
        {t('keys.enable')}
      </Button>
      <Button icon={PowerOff} disabled={none('disable')} onClick={() => openDialog({ kind: 'disable', keys })}>
        {t('keys.disableAsk')}
      </Button>
      <Button icon={TimerReset} disabled={none('reset')} onClick={() => void resetKeys(keys)}>
        {t('keys.reset')}
      </Button>
      <Button variant="danger" icon={Trash2} onClick={() => void removeKeys(keys)}>
        {t('keys.removeAsk')}
      </Button>
    </Selection>
  )
}
