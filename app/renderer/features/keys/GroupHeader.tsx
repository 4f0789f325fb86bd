import { Plus } from 'lucide-react'
import { type Key, Vendor } from '../../../shared/contracts/keys.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import type { Mark } from '../../ui/StateMark.tsx'
import { GroupLine } from '../../ui/table/GroupLine.tsx'
import { openDialog } from './dialogs/dialog-store.ts'
import { costBound, money, sumByCurrency } from './key-figures.ts'
import { countConditions } from './key-order.ts'
import { vendorNames } from './key-words.ts'

const countWords: Record<Mark, TextKey> = {
  ok: 'keys.countsOk',
  warn: 'keys.countsWarn',
  fail: 'keys.countsFail',
  stopped: 'keys.countsStopped',
  busy: 'keys.testing',
  unknown: 'keys.testing',
}

/** A vendor: how its keys are and what they cost today, with a way to add another. */
export function GroupHeader({ group, keys }: { readonly group: string | null; readonly keys: readonly Key[] }) {
  const t = useText()
  const language = useLanguage()
  const vendor = Vendor.options.find((option) => option === group) ?? 'sandbox'
  const name = vendorNames[vendor]
  const costs = sumByCurrency(keys.map(({ currency, use }) => ({ currency, amount: use.costToday })))
    .filter(({ amount }) => amount > 0)
    .map(({ amount, currency }) => money(amount, currency, language))
  const unpriced = keys.reduce((sum, { use }) => sum + use.unpricedToday, 0)
  const cost = costBound(costs.join(' + '), unpriced, t)
  return (
    <GroupLine
      name={name}
      counts={countConditions(keys).map(([mark, count]) => ({ mark, count, words: t(countWords[mark], { count }) }))}
      text={cost === '' ? undefined : t('keys.costToday', { cost })}
    >
      <IconButton
        icon={Plus}
        label={t('keys.addFor', { vendor: name })}
        onClick={() => openDialog({ kind: 'add', vendor })}
      />
    </GroupLine>
  )
}
