import {
  ArchiveRestore,
  Ellipsis,
  FolderInput,
  FolderSync,
  PackagePlus,
  Power,
  PowerOff,
  RefreshCw,
  Save,
  Trash2,
  Undo2,
} from 'lucide-react'
import type { Ref } from 'react'
import { PackageKind } from '../../../shared/contracts/plugin-findings.ts'
import type { Plugin } from '../../../shared/contracts/plugins.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { useText } from '../../i18n/language.ts'
import { ListToolbar } from '../../shell/list/ListToolbar.tsx'
import { Button } from '../../ui/Button.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Selection } from '../../ui/Selection.tsx'
import { openDialog } from './dialogs/dialog-store.ts'
import { importFiles, importFolder, pickFiles } from './importing/pick-files.ts'
import { act, applicable, backUp, reloadWatched } from './plugin-actions.ts'
import { kindNames } from './plugin-words.ts'
import { usePluginsView } from './plugins-view.ts'

const states: readonly (readonly [string, TextKey])[] = [
  ['', 'plugins.allStates'],
  ['active', 'plugins.filterActive'],
  ['disabled', 'plugins.filterDisabled'],
  ['waiting', 'plugins.filterWaiting'],
  ['error', 'plugins.filterError'],
  ['configuration', 'plugins.filterConfiguration'],
  ['update', 'plugins.filterUpdate'],
  ['findings', 'plugins.filterFindings'],
]

export function PluginsToolbar({
  selected,
  filter,
}: {
  readonly selected: readonly Plugin[]
  readonly filter: Ref<HTMLInputElement>
}) {
  const t = useText()
  const { text, state, kind } = usePluginsView()
  return (
    <ListToolbar
      filter={filter}
      label={t('plugins.filterLabel')}
      placeholder={t('plugins.filter')}
      text={text}
      onText={(next) => usePluginsView.setState({ text: next })}
      choices={[
        {
          label: t('plugins.stateFilter'),
          value: state,
          options: states.map(([value, key]) => ({ value, label: t(key) })),
          onChange: (next) => usePluginsView.setState({ state: next }),
        },
        {
          label: t('plugins.kindFilter'),
          value: kind,
          options: [
            { value: '', label: t('plugins.allKinds') },
            ...PackageKind.options.map((value) => ({ value, label: kindNames[value] })),
          ],
          onChange: (next) => usePluginsView.setState({ kind: next }),
        },
      ]}
      end={selected.length > 0 ? <SelectionActions plugins={selected} /> : <Actions />}
    />
  )
}

/** Bringing plugins in, and what concerns all of them. */
function Actions() {
  const t = useText()
  return (
    <>
      <Button variant="primary" icon={PackagePlus} onClick={importFiles}>
        {t('plugins.import')}
      </Button>
      <Menu
        label={t('plugins.more')}
        trigger={<IconButton icon={Ellipsis} label={t('plugins.more')} />}
        items={[
          { key: 'folder', label: t('plugins.importFolder'), icon: FolderInput, onSelect: importFolder },
          'separator',
          {
            key: 'watched',
            label: t('plugins.watchedFolders'),
            icon: FolderSync,
            onSelect: () => openDialog({ kind: 'watched' }),
          },
          { key: 'reload', label: t('plugins.reload'), icon: RefreshCw, onSelect: () => void reloadWatched() },
          'separator',
          { key: 'backup', label: t('plugins.backUp'), icon: Save, onSelect: () => void backUp() },
          {
            key: 'restore',
            label: t('plugins.restoreBackup'),
            icon: ArchiveRestore,
            onSelect: () =>
              pickFiles('file', ([file]) => {
                if (file) openDialog({ kind: 'restore', file })
              }),
          },
        ]}
      />
    </>
  )
}

/** What can be done to the selected plugins; what applies to none of them is not offered. */
function SelectionActions({ plugins }: { readonly plugins: readonly Plugin[] }) {
  const t = useText()
  const none = (action: Parameters<typeof applicable>[0]) => applicable(action, plugins).length === 0
  return (
    <Selection
      label={t('plugins.selected', { count: plugins.length })}
      clear={{
        label: t('plugins.clearSelection'),
        onClick: () => usePluginsView.setState({ selected: new Set() }),
      }}
    >
      <Button icon={Power} disabled={none('enable')} onClick={() => void act('enable', plugins)}>
        {t('plugins.enable')}
      </Button>
      <Button icon={PowerOff} disabled={none('disable')} onClick={() => void act('disable', plugins)}>
        {t('plugins.disable')}
      </Button>
      {!none('restore') && (
        <Button icon={Undo2} onClick={() => void act('restore', plugins)}>
          {t('plugins.restore')}
        </Button>
      )}
      <Button variant="danger" icon={Trash2} disabled={none('remove')} onClick={() => void act('remove', plugins)}>
        {t('plugins.uninstall')}
      </Button>
    </Selection>
  )
}
