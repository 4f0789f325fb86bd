import { useEffect, useState } from 'react'
import type { Service } from '../../../../shared/contracts/services.ts'
import { describeError } from '../../../../shared/errors.ts'
import { type Translate, useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { asAppError } from '../../../shell/run.ts'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx'
import { bytes } from '../../../ui/format.ts'
import { Select } from '../../../ui/Select.tsx'
import { Spinner } from '../../../ui/Spinner.tsx'
import { type Losses, sumLosses, textToType } from '../removal.ts'
import { type ActionInput, act } from '../service-actions.ts'
import styles from './Dialogs.module.css'

export type LossKind = 'remove' | 'kill' | 'recreate'
type Looked =
  | { readonly kind: 'looking' }
  | { readonly kind: 'known'; readonly losses: Losses }
  | { readonly kind: 'failed'; readonly error: unknown }

const signals = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const
/** Longer lists end with "and 12 more". */
const mostNamed = 12

/** Asks before something that no undo brings back: who it happens to, what is lost and what stays. */
export function LossDialog({
  kind,
  services,
  onClose,
}: {
  readonly kind: LossKind
  readonly services: readonly Service[]
  readonly onClose: () => void
}) {
  const t = useText()
  const [volumes, setVolumes] = useState(false)
  const [signal, setSignal] = useState<(typeof signals)[number]>('SIGKILL')
  const looked = useLosses(kind === 'kill' ? [] : services)
  const losses = looked.kind === 'known' ? looked.losses : null
  const typed = losses === null || kind !== 'remove' ? null : textToType(losses, volumes)

  const confirm = () => {
    onClose()
    void act(services, actionOf(kind, losses, volumes, signal))
  }
  return (
    <ConfirmDialog
      key={typed}
      title={t(`services.${kind}Title`, { count: services.length, first: services[0]!.name })}
      confirm={t(`services.${kind}Confirm`)}
      danger
      busy={kind !== 'kill' && looked.kind === 'looking'}
      {...(typed === null ? {} : { typeToConfirm: typed })}
      onConfirm={confirm}
      onCancel={onClose}
    >
      {services.length > 1 && <NameList names={services.map(({ name }) => name)} />}
      {kind === 'recreate' && <p>{t('services.recreateText')}</p>}
      {kind === 'kill' && (
        <>
          <p>{t('services.killText')}</p>
          <Select
            label={t('services.killSignal')}
            value={signal}
            options={signals.map((value) => ({ value, label: value }))}
            onChange={setSignal}
          />
        </>
      )}
      {kind !== 'kill' && looked.kind === 'looking' && (
        <p className={styles['looking']} role="status">
          <Spinner /> {t('services.looking')}
        </p>
      )}
      {looked.kind === 'failed' && <LookFailed error={looked.error} />}
      {losses && <LossList kind={kind} losses={losses} withVolumes={volumes} />}
      {kind === 'remove' && losses && losses.volumes.length > 0 && (
        <Checkbox
          label={t('services.removeVolumes', { count: losses.volumes.length })}
          checked={volumes}
          onChange={setVolumes}
        />
      )}
    </ConfirmDialog>
  )
}

function actionOf(kind: LossKind, losses: Losses | null, volumes: boolean, signal: string): ActionInput {
  if (kind === 'kill') return { kind, signal }
  if (kind === 'recreate') return { kind }
  // What it was when looked at may have changed; a container that runs by now was named as one that will be stopped or not.
  return { kind, force: losses === null || losses.running.length > 0, volumes }
}

function useLosses(services: readonly Service[]): Looked {
  const [looked, setLooked] = useState<Looked>({ kind: 'looking' })
  useEffect(() => {
    if (services.length === 0) return
    let current = true
    rpc.services.previewRemoval({ ids: services.map(({ id }) => id) }).then(
      ({ items }) => current && setLooked({ kind: 'known', losses: sumLosses(items) }),
      (error: unknown) => current && setLooked({ kind: 'failed', error }),
    )
    return () => {
      current = false
    }
  }, [services])
  return looked
}

function LookFailed({ error }: { readonly error: unknown }) {
  const t = useText()
  const { code, details } = asAppError(error)
  const { sentence } = describeError(code, details, useLanguage())
  return (
    <p className={styles['warning']} role="alert">
      {t('services.previewFailed', { reason: sentence })}
    </p>
  )
}

function LossList({
  kind,
  losses,
  withVolumes,
}: {
  readonly kind: LossKind
  readonly losses: Losses
  readonly withVolumes: boolean
}) {
  const t = useText()
  const language = useLanguage()
  const written = writtenLine(losses, t, language)
  const volumes = losses.volumes.map((volume) => volumeLine(volume, losses.names.length > 1, t))
  // A recreated container takes its volumes over, also the anonymous ones; a removed one leaves them without an owner.
  const kept =
    kind === 'recreate' ? volumes : withVolumes ? [] : volumes.map((volume) => t('services.volumeOrphan', { volume }))
  const lost = [...(written === null ? [] : [written]), ...(kind === 'remove' && withVolumes ? volumes : [])]
  return (
    <>
      {kind === 'remove' && losses.running.length > 0 && (
        <p className={styles['warning']}>
          {t('services.lostRunning', { count: losses.running.length, names: listNames(losses.running, t) })}
        </p>
      )}
      <Section title={t('services.lostTitle')} lines={lost.length > 0 ? lost : [t('services.lostNothing')]} />
      <Section title={t('services.keptTitle')} lines={[...kept, ...losses.kept]} />
    </>
  )
}

function writtenLine({ names, writableBytes }: Losses, t: Translate, language: string): string | null {
  if (writableBytes === null) return t('services.lostWrittenUnknown')
  if (writableBytes === 0) return null
  const key = names.length > 1 ? 'services.lostWrittenMany' : 'services.lostWritten'
  return t(key, { size: bytes(writableBytes, language) })
}

const volumeLine = ({ service, name, target }: Losses['volumes'][number], many: boolean, t: Translate): string =>
  t(many ? 'services.volumeOf' : 'services.volumeAt', { volume: shortVolume(name), target, name: service })

/** An anonymous volume is named by 64 digits, of which twelve tell it apart. */
const shortVolume = (name: string) => (/^[0-9a-f]{64}$/.test(name) ? name.slice(0, 12) : name)

function listNames(names: readonly string[], t: Translate): string {
  const shown = names.slice(0, mostNamed).join(', ')
  return names.length > mostNamed ? `${shown} ${t('common.andMore', { count: names.length - mostNamed })}` : shown
}

function NameList({ names }: { readonly names: readonly string[] }) {
  const t = useText()
  return (
    <ul className={styles['list']}>
      {names.slice(0, mostNamed).map((name) => (
        <li key={name}>{name}</li>
      ))}
      {names.length > mostNamed && <li>{t('common.andMore', { count: names.length - mostNamed })}</li>}
    </ul>
  )
}

function Section({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  const t = useText()
  if (lines.length === 0) return null
  return (
    <section>
      <h3 className={styles['heading']}>{title}</h3>
      <ul className={styles['list']}>
        {lines.slice(0, mostNamed).map((line) => (
          <li key={line}>{line}</li>
        ))}
        {lines.length > mostNamed && <li>{t('common.andMore', { count: lines.length - mostNamed })}</li>}
      </ul>
    </section>
  )
}
