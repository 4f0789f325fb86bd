import { useMemo, useState } from 'react'
import { Vendor } from '../../../../shared/contracts/keys.ts'
import { Candidate, type FeatureRules } from '../../../../shared/contracts/routing.ts'
import { useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Select } from '../../../ui/Select.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { useRouteKeys } from '../routing-store.ts'
import { vendorNames } from '../routing-words.ts'
import styles from './Picture.module.css'

type Part = keyof Candidate
type Fields = Readonly<Record<Exclude<Part, 'vendor'>, string>> & { readonly vendor: Vendor }
/** As many models as a list is good for. */
const mostModels = 300

/** One candidate as a form: a new one, or one that is changed or taken out. It changes the draft, not yet the route. */
export function CandidateDialog({
  feature,
  candidate,
  brought,
  onClose,
  onApply,
  onRemove,
}: {
  readonly feature: string
  /** Null for a new one. */
  readonly candidate: FeatureRules['candidates'][number] | null
  /** It came with its key: there is nothing to take out. */
  readonly brought: boolean
  readonly onClose: () => void
  readonly onApply: (candidate: Candidate) => void
  readonly onRemove: () => void
}) {
  const t = useText()
  const keys = useRouteKeys()
  const [fields, setFields] = useState<Fields>(() => fieldsOf(candidate))
  const [asked, setAsked] = useState(false)
  const read = Candidate.safeParse({
    ...fields,
    tier: fields.tier.trim() === '' ? null : fields.tier,
    weight: /^\d{1,4}$/.test(fields.weight.trim()) ? Number(fields.weight) : fields.weight,
  })
  const wrong = new Set(read.success ? [] : read.error.issues.map(({ path }) => path[0] as Part))
  const set = (part: Part) => (value: string) => setFields({ ...fields, [part]: value })
  const apply = () => {
    setAsked(true)
    if (read.success) onApply(read.data)
  }
  const error = (part: Part): string | null => {
    if (!asked || !wrong.has(part)) return null
    if (part === 'weight') return t('routing.weightWrong')
    return t(fields[part].trim() === '' || part === 'model' ? 'routing.needed' : 'routing.wordWrong')
  }
  const standing = useMemo(
    () =>
      [...(keys?.values() ?? [])].filter(
        ({ vendor, service }) => vendor === fields.vendor && service === fields.service.trim(),
      ),
    [keys, fields.vendor, fields.service],
  )
  const models = useMemo(
    () => [...new Set(standing.flatMap((key) => key.models ?? []))].sort().slice(0, mostModels),
    [standing],
  )
  return (
    <Dialog
      open
      title={candidate ? t('routing.candidateEdit') : `${t('routing.candidateAdd')} · ${feature}`}
      onClose={onClose}
      footer={
        <>
          {candidate && !brought && (
            <span className={styles['takeOut']}>
              <Button variant="danger" onClick={onRemove}>
                {t('routing.takeOut')}
              </Button>
            </span>
          )}
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" onClick={apply}>
            {t('routing.apply')}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <Select
          label={t('routing.vendor')}
          value={fields.vendor}
          options={Vendor.options.map((value) => ({ value, label: t(vendorNames[value]) }))}
          onChange={(vendor) => setFields({ ...fields, vendor })}
        />
        <TextField
          label={t('routing.service')}
          value={fields.service}
          mono
          hint={t('routing.serviceHint')}
          error={error('service')}
          onChange={set('service')}
          onEnter={apply}
        />
        <div className={styles['wide']}>
          <TextField
            label={t('routing.model')}
            value={fields.model}
            mono
            hint={t('routing.modelHint')}
            error={error('model')}
            onChange={set('model')}
            onEnter={apply}
          />
        </div>
        {models.length > 0 && (
          <div className={styles['wide']}>
            <Select
              label={t('routing.modelKnown')}
              value={models.includes(fields.model) ? fields.model : ''}
              options={models.map((value) => ({ value, label: value }))}
              onChange={set('model')}
            />
          </div>
        )}
        <TextField
          label={t('routing.tierField')}
          value={fields.tier}
          mono
          hint={t('routing.tierHint')}
          error={error('tier')}
          onChange={set('tier')}
          onEnter={apply}
        />
        <TextField
          label={t('routing.weightField')}
          value={fields.weight}
          mono
          hint={t('routing.weightHint')}
          error={error('weight')}
          onChange={set('weight')}
          onEnter={apply}
        />
        {keys && fields.service.trim() !== '' && (
          <p className={styles['standing']} role="status">
            {standing.length === 0
              ? t('routing.standsForNone')
              : t('routing.standsFor', { count: standing.length, names: namesOf(standing) })}
          </p>
        )}
        {brought && <p className={styles['standing']}>{t('routing.broughtText')}</p>}
      </div>
    </Dialog>
  )
}

const fieldsOf = (candidate: Candidate | null): Fields => ({
  vendor: candidate?.vendor ?? 'openai',
  service: candidate?.service ?? '',
  model: candidate?.model ?? '',
  tier: candidate?.tier ?? '',
  weight: String(candidate?.weight ?? 100),
})

const namesOf = (keys: readonly { readonly name: string }[]): string =>
  keys
    .slice(0, 5)
    .map(({ name }) => name)
    .join(', ') + (keys.length > 5 ? ' …' : '')
