import { CSPProvider } from '@base-ui/react/csp-provider'
import { Ellipsis, Inbox, Moon, RotateCw, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { setLanguage } from '../../app/renderer/i18n/language.ts'
import { Badge } from '../../app/renderer/ui/Badge.tsx'
import { Banner } from '../../app/renderer/ui/Banner.tsx'
import { Button } from '../../app/renderer/ui/Button.tsx'
import { Checkbox } from '../../app/renderer/ui/Checkbox.tsx'
import { ConfirmDialog } from '../../app/renderer/ui/ConfirmDialog.tsx'
import { Drawer } from '../../app/renderer/ui/Drawer.tsx'
import { EmptyState } from '../../app/renderer/ui/EmptyState.tsx'
import { ErrorState } from '../../app/renderer/ui/ErrorState.tsx'
import { IconButton } from '../../app/renderer/ui/IconButton.tsx'
import { KeyValue } from '../../app/renderer/ui/KeyValue.tsx'
import { Menu } from '../../app/renderer/ui/Menu.tsx'
import { Mono } from '../../app/renderer/ui/Mono.tsx'
import { Progress } from '../../app/renderer/ui/Progress.tsx'
import { RelativeTime } from '../../app/renderer/ui/RelativeTime.tsx'
import { SearchField } from '../../app/renderer/ui/SearchField.tsx'
import { SegmentedControl } from '../../app/renderer/ui/SegmentedControl.tsx'
import { Select } from '../../app/renderer/ui/Select.tsx'
import { SkeletonRows } from '../../app/renderer/ui/SkeletonRows.tsx'
import { Sparkline } from '../../app/renderer/ui/Sparkline.tsx'
import { SplitView } from '../../app/renderer/ui/SplitView.tsx'
import { type Mark, StateMark } from '../../app/renderer/ui/StateMark.tsx'
import { Switch } from '../../app/renderer/ui/Switch.tsx'
import { Table } from '../../app/renderer/ui/Table.tsx'
import { TextField } from '../../app/renderer/ui/TextField.tsx'
import { Toolbar } from '../../app/renderer/ui/Toolbar.tsx'
import { TooltipProvider } from '../../app/renderer/ui/Tooltip.tsx'
import type { Column, Sort } from '../../app/renderer/ui/table/table-types.ts'
import '../../app/renderer/ui/tokens.css'
import '../../app/renderer/ui/base.css'

// What the kit looks like and how it behaves, for tests/e2e/mocked/kit.spec.ts. `?view=table&rows=30000&theme=dark`.
const query = new URLSearchParams(location.search)
setLanguage(query.get('language') === 'zh-CN' ? 'zh-CN' : 'en')
document.documentElement.dataset['theme'] = query.get('theme') ?? 'light'

interface Item {
  readonly id: string
  readonly name: string
  readonly group: string | null
  readonly size: number
}
const states: Mark[] = ['ok', 'warn', 'fail', 'stopped', 'unknown', 'busy']
const count = Number(query.get('rows') ?? 60)
const allItems: Item[] = Array.from({ length: count }, (_, n) => ({
  id: `i${n}`,
  name: `item ${n}`,
  group: query.has('groups') && n % 3 < 2 ? ['alpha', 'beta'][n % 3]! : null,
  size: (n * 37) % 101,
}))
const columns: Column<Item>[] = [
  { key: 'name', header: 'Name', sortable: true, text: ({ name }) => name, cell: ({ name }) => name },
  {
    key: 'state',
    header: 'State',
    width: 120,
    priority: 1,
    cell: ({ size }) => <StateMark state={states[size % 6]!} label={states[size % 6]!} />,
  },
  {
    key: 'link',
    header: 'Link',
    width: 120,
    priority: 3,
    cell: ({ id }, current) => (
      <a href={`#/${id}`} tabIndex={current ? 0 : -1}>
        {id}
      </a>
    ),
  },
  {
    key: 'size',
    header: 'Size',
    width: 100,
    align: 'end',
    sortable: true,
    compare: (a, b) => a.size - b.size,
    cell: ({ size }) => size,
  },
]
const keyOf = ({ id }: Item) => id

function TableView() {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const [sort, setSort] = useState<Sort | null>(null)
  const [open, setOpen] = useState<string | null>(query.get('open'))
  const [filter, setFilter] = useState('')
  const [visible, setVisible] = useState(0)
  const items = useMemo(() => allItems.filter(({ name }) => name.includes(filter)), [filter])
  const groups = useMemo(
    () =>
      query.has('groups')
        ? {
            key: ({ group }: Item) => group,
            header: (key: string | null, rows: readonly Item[]) => `${key ?? 'others'} (${rows.length})`,
            collapsed,
            onToggle: (key: string) =>
              setCollapsed((now) =>
                now.has(key) ? new Set([...now].filter((other) => other !== key)) : new Set([...now, key]),
              ),
          }
        : undefined,
    [collapsed],
  )
  return (
    <SplitView
      drawer={
        open && (
          <Drawer
            title={open}
            subtitle="Details of the item"
            marks={<StateMark state="warn" label="warn" />}
            actions={<IconButton icon={RotateCw} label="Restart" />}
            tabs={[
              { key: 'a', label: 'Summary', href: '#/a' },
              { key: 'b', label: 'Logs', href: '#/b' },
            ]}
            active="a"
            onClose={() => setOpen(null)}
          >
            <KeyValue items={[{ key: 'id', label: 'Identifier', value: <Mono>{open}</Mono>, copy: open }]} />
          </Drawer>
        )
      }
    >
      <Toolbar end={<output aria-label="Facts">{`${selected.size} selected, ${visible} visible`}</output>}>
        <SearchField label="Filter" shortcut="/" value={filter} onChange={setFilter} />
      </Toolbar>
      <Table
        label="Items"
        rows={items}
        columns={columns}
        rowKey={keyOf}
        rowLabel={({ name }) => name}
        selection={{ selected, onChange: setSelected }}
        active={open}
        onOpen={({ id }) => setOpen(id)}
        rowActions={({ name }) => (
          <>
            <IconButton icon={RotateCw} label={`Restart ${name}`} />
            <Menu
              label={`More for ${name}`}
              trigger={<IconButton icon={Ellipsis} label={`More for ${name}`} />}
              items={menuItems}
            />
          </>
        )}
        groups={groups}
        sort={sort}
        onSort={setSort}
        onVisible={(keys) => setVisible(keys.length)}
        empty={
          <EmptyState
            icon={Inbox}
            title="Nothing matches"
            action={<Button onClick={() => setFilter('')}>Clear the filter</Button>}
          />
        }
      />
    </SplitView>
  )
}

const menuItems = [
  { key: 'restart', label: 'Restart', icon: RotateCw, shortcut: 'r', onSelect: () => {} },
  'separator',
  { key: 'off', label: 'Not now', disabled: true, onSelect: () => {} },
  { key: 'remove', label: 'Remove', icon: Trash2, danger: true, onSelect: () => {} },
] as const

function Controls() {
  const [text, setText] = useState('abc')
  const [on, setOn] = useState(true)
  const [choice, setChoice] = useState<'one' | 'two'>('one')
  const [asked, setAsked] = useState(false)
  const options = [
    { value: 'one', label: 'One' },
    { value: 'two', label: 'Two' },
  ] as const
  const now = 1_000_000
  const points = Array.from({ length: 60 }, (_, n) => ({
    time: n * 1000 + (n > 30 ? 9000 : 0),
    value: 5 + ((n * 7) % 9),
  }))
  return (
    <div
      style={{
        display: 'grid',
        gap: 12,
        padding: 16,
        gridTemplateColumns: '1fr 1fr',
        overflow: 'auto',
        alignContent: 'start',
      }}
    >
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        <Button variant="primary">Save</Button>
        <Button icon={RotateCw}>Restart</Button>
        <Button busy>Working</Button>
        <Button variant="danger" onClick={() => setAsked(true)}>
          Remove…
        </Button>
        <Button variant="quiet">Quiet</Button>
        <Button disabled>Off</Button>
        <IconButton icon={Moon} label="Dark" pressed />
        <Menu label="More" trigger={<IconButton icon={Ellipsis} label="More" />} items={menuItems} />
      </div>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        {states.map((state) => (
          <StateMark key={state} state={state} label={state} />
        ))}
        <Badge>plain</Badge>
        <Badge tone="ok">ok</Badge>
        <Badge tone="warn">warn</Badge>
        <Badge tone="fail">fail</Badge>
        <SegmentedControl label="Which" value={choice} options={options} onChange={setChoice} />
      </div>
      <TextField label="Name" value={text} onChange={setText} hint="Letters and digits." />
      <TextField label="Port" value={text} onChange={setText} error="Port 8002 is taken." mono />
      <SearchField label="Filter" value={text} onChange={setText} />
      <Select label="Policy" value={choice} options={options} onChange={setChoice} hint="What happens when it ends." />
      <Checkbox label="Also its volumes" hint="They are lost." checked={on} onChange={setOn} />
      <Switch label="Start at login" hint="With the session." checked={on} onChange={setOn} />
      <Progress value={0.4} label="Download" />
      <Progress value={null} label="Unknown" />
      <Sparkline points={points} from={0} to={70_000} label="CPU over a minute" write={(value) => `${value} %`} />
      <p>
        <RelativeTime time={now} /> · <RelativeTime time={now} form="age" />
      </p>
      <div style={{ gridColumn: '1 / -1' }}>
        <Banner tone="info">Something to know.</Banner>
        <Banner tone="warn" action={<Button>Try again</Button>}>
          The console does not answer.
        </Banner>
        <Banner tone="fail" onDismiss={() => {}}>
          The disk is full.
        </Banner>
        <Banner tone="ok">Saved.</Banner>
      </div>
      <EmptyState icon={Inbox} title="No images" action={<Button variant="primary">Refresh</Button>}>
        Images of this engine appear here.
      </EmptyState>
      <ErrorState sentence="Docker does not answer." advice="Start Docker." code="DOCKER_UNREACHABLE" />
      <SkeletonRows count={3} />
      {asked && (
        <ConfirmDialog
          title="Remove db?"
          confirm="Remove"
          danger
          typeToConfirm="db"
          onConfirm={() => setAsked(false)}
          onCancel={() => setAsked(false)}
        >
          <p>Its two anonymous volumes are lost.</p>
        </ConfirmDialog>
      )}
    </div>
  )
}

createRoot(document.getElementById('root')!).render(
  <CSPProvider disableStyleElements>
    <TooltipProvider>
      <main style={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
        <h1 style={{ fontSize: 15, padding: 8 }}>Component kit</h1>
        {query.get('view') === 'table' ? <TableView /> : <Controls />}
      </main>
    </TooltipProvider>
  </CSPProvider>,
)
