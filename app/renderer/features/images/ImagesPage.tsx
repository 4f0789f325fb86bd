import { Brush, FilterX, HardDrive, Trash2, X } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { Image } from '../../../shared/contracts/images.ts'
import { type Translate, useLanguage, useText } from '../../i18n/language.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'
import { DockerGate } from '../../shell/DockerGate.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { bytes } from '../../ui/format.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { Mono } from '../../ui/Mono.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { Table } from '../../ui/Table.tsx'
import { Toolbar } from '../../ui/Toolbar.tsx'
import type { Column, Sort } from '../../ui/table/table-types.ts'
import styles from './Images.module.css'
import { imageName, matchesImage, shortId, sizeOf } from './image-rules.ts'
import { useImages } from './images-store.ts'
import { PruneDialog } from './PruneDialog.tsx'
import { RemoveImagesDialog } from './RemoveImagesDialog.tsx'

const keyOf = ({ id }: Image) => id
const bySize: Sort = { key: 'size', direction: 'ascending' }

export function ImagesPage() {
  const t = useText()
  const language = useLanguage()
  const images = useImages((state) => state.images)
  useEvent(rpc.images.onUpdates, undefined, (update) => useImages.setState({ images: update.images }))
  const [text, setText] = useState('')
  const [sort, setSort] = useState<Sort | null>(null)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [removing, setRemoving] = useState<readonly Image[] | null>(null)
  const [pruning, setPruning] = useState(false)
  const filter = useRef<HTMLInputElement>(null)

  const all = images ?? []
  const rows = useMemo(() => (images ?? []).filter((image) => matchesImage(image, text)), [images, text])
  const chosen = all.filter(({ id }) => selected.has(id))
  const columns = useMemo(() => imageColumns(t, language), [t, language])
  useShortcuts(
    {
      '/': { label: t('images.filterLabel'), run: () => filter.current?.focus() },
      Delete: {
        label: t('images.remove'),
        run: () => {
          const key = document.activeElement?.closest<HTMLElement>('[data-key]')?.dataset['key']
          const victims = chosen.length > 0 ? chosen : all.filter(({ id }) => id === key)
          if (victims.length > 0) setRemoving(victims)
        },
      },
    },
    t('shell.images'),
  )

  return (
    <>
      <DockerGate known={all.length > 0} loading={images === null}>
        <Toolbar
          end={
            <>
              {chosen.length > 0 ? (
                <>
                  <span aria-live="polite">
                    {t('images.selected', { count: chosen.length, size: bytes(sizeOf(chosen), language) })}
                  </span>
                  <Button variant="danger" icon={Trash2} onClick={() => setRemoving(chosen)}>
                    {t('images.remove')}
                  </Button>
                  <IconButton icon={X} label={t('services.clearSelection')} onClick={() => setSelected(new Set())} />
                </>
              ) : (
                <span className={styles['quiet']}>
                  {t('images.total', { count: all.length, size: bytes(sizeOf(all), language) })}
                </span>
              )}
              <Button icon={Brush} onClick={() => setPruning(true)}>
                {t('images.prune')}
              </Button>
            </>
          }
        >
          <div className={styles['filter']}>
            <SearchField
              ref={filter}
              label={t('images.filterLabel')}
              placeholder={t('images.filter')}
              shortcut="/"
              value={text}
              onChange={setText}
            />
          </div>
        </Toolbar>
        <Table
          label={t('images.label')}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          rowLabel={imageName}
          sort={sort ?? bySize}
          onSort={setSort}
          selection={{ selected, onChange: setSelected }}
          rowActionsWidth={72}
          rowActions={(image) => (
            <>
              <CopyButton text={image.id} label={t('images.copyId')} />
              <IconButton
                icon={Trash2}
                label={t('images.removeNamed', { name: imageName(image) })}
                shortcut="Delete"
                onClick={() => setRemoving([image])}
              />
            </>
          )}
          empty={
            all.length === 0 ? (
              <EmptyState icon={HardDrive} title={t('images.empty')}>
                {t('images.emptyText')}
              </EmptyState>
            ) : (
              <EmptyState
                icon={FilterX}
                title={t('images.emptyFiltered')}
                action={<Button onClick={() => setText('')}>{t('images.clearFilter')}</Button>}
              />
            )
          }
        />
      </DockerGate>
      {removing && <RemoveImagesDialog images={removing} onClose={() => setRemoving(null)} />}
      {pruning && <PruneDialog onClose={() => setPruning(false)} />}
    </>
  )
}

const imageColumns = (t: Translate, language: string): Column<Image>[] => [
  {
    key: 'tags',
    header: t('images.tags'),
    sortable: true,
    text: imageName,
    cell: ({ tags }) =>
      tags.length === 0 ? (
        <span className={styles['quiet']}>{t('images.untagged')}</span>
      ) : (
        <span title={tags.join('\n')}>{tags.join(', ')}</span>
      ),
  },
  {
    key: 'id',
    header: t('images.id'),
    width: 128,
    priority: 2,
    cell: ({ id }) => <Mono title={id}>{shortId(id)}</Mono>,
  },
  {
    key: 'size',
    header: t('images.size'),
    width: 96,
    align: 'end',
    sortable: true,
    compare: (a, b) => b.sizeBytes - a.sizeBytes,
    cell: ({ sizeBytes }) => bytes(sizeBytes, language),
  },
  {
    key: 'created',
    header: t('images.created'),
    width: 140,
    priority: 1,
    sortable: true,
    compare: (a, b) => b.createdAt - a.createdAt,
    cell: ({ createdAt }) => <RelativeTime time={createdAt} />,
  },
  {
    key: 'usedBy',
    header: t('images.usedBy'),
    sortable: true,
    compare: (a, b) => b.usedBy.length - a.usedBy.length,
    cell: ({ usedBy }) =>
      usedBy.length === 0 ? (
        <span className={styles['quiet']}>{t('images.unused')}</span>
      ) : (
        <span title={usedBy.join('\n')}>{usedBy.join(', ')}</span>
      ),
  },
]
