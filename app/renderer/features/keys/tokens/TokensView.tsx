import { Ban, Pencil, Plus, Ticket } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { Token } from '../../../../shared/contracts/gateway.ts'
import { type Translate, useText } from '../../../i18n/language.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { ListToolbar } from '../../../shell/list/ListToolbar.tsx'
import { useShortcuts } from '../../../shell/shortcuts.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Selection } from '../../../ui/Selection.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { Table } from '../../../ui/Table.tsx'
import type { Column } from '../../../ui/table/table-types.ts'
import { useNow } from '../../../ui/use-now.ts'
import { FilteredOut } from '../FilteredOut.tsx'
import styles from '../Keys.module.css'
import { revokeTokens } from './revoke-tokens.tsx'
import { TokenDialog } from './TokenDialog.tsx'
import { compareTokens, limitSentence, scopeSentence, stateOf, tokenMarks, tokenWords } from './token-rules.ts'
import { useTokens } from './use-tokens.ts'

const keyOf = ({ id }: Token) => id
const nameOf = ({ name }: Token) => name
const nothing: ReadonlySet<string> = new Set()

/** What lets callers in at the gateway. */
export function TokensView() {
  const t = useText()
  const tokens = useTokens()
  const now = useNow('minute')
  const [selected, setSelected] = useState(nothing)
  const [dialog, setDialog] = useState<{ readonly token: Token | null } | null>(null)
  const [text, setText] = useState('')
  const filter = useRef<HTMLInputElement>(null)
  const all = useMemo(
    () => (tokens.kind === 'known' ? [...tokens.byId.values()].sort(compareTokens(now)) : []),
    [tokens, now],
  )
  const words = text.toLowerCase().split(/\s+/)
  const rows = all.filter((token) => {
    const shown = [token.name, token.prefix, t(tokenWords[stateOf(token, now)]), scopeSentence(token.scopes, t)]
    const said = shown.join('\n').toLowerCase()
    return words.every((word) => said.includes(word))
  })
  const columns = useMemo(() => tokenColumns(t, now), [t, now])
  const create = () => setDialog({ token: null })
  const rowActions = useCallback((token: Token) => <RowActions token={token} change={() => setDialog({ token })} />, [])
  const chosen = all.filter(({ id, revokedAt }) => selected.has(id) && revokedAt === null)
  const revokeChosen = async () => {
    if (await revokeTokens(chosen)) setSelected(nothing)
  }
  const shortcuts = {
    n: { label: t('keys.createToken'), run: create },
    '/': { label: t('keys.tokensFind'), run: () => filter.current?.focus() },
  }
  useShortcuts(shortcuts, t('keys.tokens'))
  return (
    <>
      <ListToolbar
        filter={filter}
        label={t('keys.tokensFind')}
        placeholder={t('keys.tokensFind')}
        text={text}
        onText={setText}
        choices={[]}
        end={
          chosen.length > 0 ? (
            <Selection label={t('keys.selected', { count: chosen.length })}>
              <Button variant="danger" icon={Ban} onClick={() => void revokeChosen()}>
                {t('keys.revoke')}
              </Button>
            </Selection>
          ) : (
            <Button variant="primary" icon={Plus} onClick={create}>
              {t('keys.createToken')}
            </Button>
          )
        }
      />
      {tokens.kind === 'failed' && <Failed error={tokens.error} />}
      {tokens.kind === 'looking' && <SkeletonRows />}
      {tokens.kind === 'known' && (
        <Table
          label={t('keys.tokens')}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          rowLabel={nameOf}
          rowActions={rowActions}
          rowActionsWidth={72}
          onOpen={(token) => token.revokedAt === null && setDialog({ token })}
          selection={{ selected, onChange: setSelected }}
          empty={
            all.length > 0 ? (
              <FilteredOut hidden={all.length} onClear={() => setText('')} />
            ) : (
              <EmptyState
                icon={Ticket}
                title={t('keys.tokensEmpty')}
                action={<Button onClick={create}>{t('keys.createToken')}</Button>}
              >
                {t('keys.tokensEmptyText')}
              </EmptyState>
            )
          }
        />
      )}
      {dialog && <TokenDialog token={dialog.token} onClose={() => setDialog(null)} />}
    </>
  )
}

function RowActions({ token, change }: { readonly token: Token; readonly change: () => void }) {
  const t = useText()
  if (token.revokedAt !== null) return null
  return (
    <>
      <IconButton icon={Pencil} label={t('keys.changeTokenTitle', { name: token.name })} onClick={change} />
      <IconButton
        icon={Ban}
        label={t('keys.revokeTitle', { name: token.name })}
        onClick={() => void revokeTokens([token])}
      />
    </>
  )
}

const tokenColumns = (t: Translate, now: number): readonly Column<Token>[] => [
  {
    key: 'name',
    header: t('keys.name'),
    cell: (token) => (
      <span className={styles['line']}>
        <StateMark state={tokenMarks[stateOf(token, now)]} />
        <span className={styles['cut']}>{token.name}</span>
      </span>
    ),
  },
  {
    key: 'state',
    header: t('keys.state'),
    width: 80,
    cell: (token) => <span className={styles['quiet']}>{t(tokenWords[stateOf(token, now)])}</span>,
  },
  { key: 'prefix', header: t('keys.prefix'), width: 112, priority: 2, cell: ({ prefix }) => <code>{prefix}…</code> },
  {
    key: 'scopes',
    header: t('keys.scopes'),
    cell: ({ scopes }) => {
      const words = scopeSentence(scopes, t)
      return <span title={words}>{words}</span>
    },
  },
  {
    key: 'limits',
    header: t('keys.limits'),
    width: 204,
    priority: 3,
    cell: (token) => limitSentence(token, t) || <span className={styles['none']}>–</span>,
  },
  {
    key: 'lastUsed',
    header: t('keys.lastUsed'),
    width: 128,
    cell: ({ lastUsedAt }) =>
      lastUsedAt === null ? <span className={styles['none']}>–</span> : <RelativeTime time={lastUsedAt} />,
  },
  {
    key: 'expiry',
    header: t('keys.expiry'),
    width: 104,
    priority: 1,
    cell: ({ expiresAt }) =>
      expiresAt === null ? <span className={styles['none']}>–</span> : <RelativeTime time={expiresAt} />,
  },
  {
    key: 'created',
    header: t('keys.created'),
    width: 104,
    priority: 4,
    cell: ({ createdAt }) => <RelativeTime time={createdAt} />,
  },
]
