import { FilterX } from 'lucide-react'
import { useText } from '../../i18n/language.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'

/** In place of rows that are all hidden by what was typed. */
export function FilteredOut({ hidden, onClear }: { readonly hidden: number; readonly onClear: () => void }) {
  const t = useText()
  return (
    <EmptyState
      icon={FilterX}
      title={t('common.noneFound')}
      action={<Button onClick={onClear}>{t('keys.clearFilter')}</Button>}
    >
      {t('keys.rowsHidden', { count: hidden })}
    </EmptyState>
  )
}
