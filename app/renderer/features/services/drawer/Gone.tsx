import { PackageX } from 'lucide-react'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button, LinkButton } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { dateTime } from '../../../ui/format.ts'
import { useServices } from '../services-store.ts'

/** The container went while its drawer was open; after a recreate another of its name is there. */
export function GoneNotice({
  id,
  name,
  at,
}: {
  readonly id: string
  readonly name: string
  readonly at: number | null
}) {
  const t = useText()
  const language = useLanguage()
  const successor = useServices(
    ({ byId }) => [...byId.values()].find((other) => other.name === name && other.id !== id)?.id,
  )
  return (
    <Banner
      tone="warn"
      action={
        successor && (
          <LinkButton href={`#/services/${successor}/summary`}>{t('services.openSuccessor', { name })}</LinkButton>
        )
      }
    >
      <strong>{t('services.removedTitle', { name })}</strong>{' '}
      {at !== null && t('services.removedAt', { time: dateTime(at, language) })}{' '}
      {successor ? t('services.successor') : t('services.removedText')}
    </Banner>
  )
}

export function NotFound({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  return (
    <EmptyState
      icon={PackageX}
      title={t('services.notFoundTitle')}
      action={<Button onClick={onClose}>{t('services.backToList')}</Button>}
    >
      {t('services.notFoundText')}
    </EmptyState>
  )
}
