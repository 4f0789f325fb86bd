import { useEffect, useState } from 'react'
import type { DockerContext, DockerEndpoint, DockerState } from '../../../shared/contracts/docker.ts'
import { assertNever, describeError } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { useDocker, useSettings } from '../../shell/mirror-stores.ts'
import { run } from '../../shell/run.ts'
import { Button } from '../../ui/Button.tsx'
import { SegmentedControl } from '../../ui/SegmentedControl.tsx'
import { Select } from '../../ui/Select.tsx'
import { type Mark, StateMark } from '../../ui/StateMark.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { change } from './change.ts'
import { SettingRow } from './SettingRow.tsx'
import styles from './Settings.module.css'

type Kind = DockerEndpoint['kind']

/** Where Docker is looked for, and at once whether it answers there. */
export function DockerSection() {
  const t = useText()
  const { dockerEndpoint } = useSettings(({ settings }) => settings)
  // What is being chosen; a context or an address counts only once it is named.
  const [kind, setKind] = useState<Kind>(dockerEndpoint.kind)
  // By what it says: every update of the settings brings a new object, and must not end a choice under way.
  const saved = JSON.stringify(dockerEndpoint)
  useEffect(() => setKind(JSON.parse(saved).kind), [saved])
  const choose = (chosen: Kind) => {
    setKind(chosen)
    if (chosen === 'auto') change({ dockerEndpoint: { kind: 'auto' } })
  }
  return (
    <SettingRow title={t('settings.endpoint')} hint={t('settings.endpointHint')} byDefault={t('settings.endpointAuto')}>
      <SegmentedControl
        label={t('settings.endpoint')}
        value={kind}
        options={[
          { value: 'auto', label: t('settings.endpointAuto') },
          { value: 'context', label: t('settings.endpointContext') },
          { value: 'address', label: t('settings.endpointAddress') },
        ]}
        onChange={choose}
      />
      {kind === 'auto' && <p className={styles['hint']}>{t('settings.endpointAutoHint')}</p>}
      {kind === 'context' && <ContextChoice present={dockerEndpoint} />}
      {kind === 'address' && <AddressChoice present={dockerEndpoint} />}
      <LiveState />
    </SettingRow>
  )
}

function ContextChoice({ present }: { readonly present: DockerEndpoint }) {
  const t = useText()
  const [contexts, setContexts] = useState<readonly DockerContext[] | null>(null)
  useEffect(() => {
    void run(rpc.docker.contexts()).then((answer) => setContexts(answer?.contexts ?? []))
  }, [])
  if (contexts === null) return null
  if (contexts.length === 0) return <p className={styles['hint']}>{t('settings.contextNone')}</p>
  const chosen = present.kind === 'context' ? present.name : ''
  const address = contexts.find(({ name }) => name === chosen)?.address
  return (
    <Select
      label={t('settings.context')}
      value={chosen}
      options={contexts.map(({ name, current }) => ({
        value: name,
        label: current ? t('settings.contextCurrent', { name }) : name,
      }))}
      hint={address}
      onChange={(name) => change({ dockerEndpoint: { kind: 'context', name } })}
    />
  )
}

function AddressChoice({ present }: { readonly present: DockerEndpoint }) {
  const t = useText()
  const stored = present.kind === 'address' ? present.address : ''
  const [address, setAddress] = useState(stored)
  const wanted = address.trim()
  const use = () => {
    if (wanted !== '') change({ dockerEndpoint: { kind: 'address', address: wanted } })
  }
  return (
    <>
      <TextField
        label={t('settings.address')}
        value={address}
        onChange={setAddress}
        onEnter={use}
        hint={t('settings.addressHint')}
        mono
      />
      <div className={styles['inline']}>
        <Button disabled={wanted === '' || wanted === stored} onClick={use}>
          {t('settings.addressUse')}
        </Button>
      </div>
    </>
  )
}

const marks: Record<DockerState['kind'], Mark> = { connecting: 'busy', ready: 'ok', failed: 'fail' }

function LiveState() {
  const { state } = useDocker()
  const t = useText()
  if (!state) return null
  return (
    <>
      <div className={styles['state']} role="status">
        <StateMark state={marks[state.kind]} />
        <StateWords state={state} />
      </div>
      {state.kind === 'failed' && (
        <div className={styles['inline']}>
          <Button onClick={() => void run(rpc.docker.reconnect())}>{t('settings.retry')}</Button>
        </div>
      )}
    </>
  )
}

function StateWords({ state }: { readonly state: DockerState }) {
  const t = useText()
  const language = useLanguage()
  switch (state.kind) {
    case 'connecting':
      return <span>{t('settings.connecting', { endpoint: state.endpoint })}</span>
    case 'ready': {
      const { endpoint, version, chosenBy } = state
      return <span>{t('settings.connected', { endpoint, version, chosenBy })}</span>
    }
    case 'failed': {
      const { sentence, advice } = describeError(state.code, state.details, language)
      return <span>{[sentence, advice].filter(Boolean).join(' ')}</span>
    }
    default:
      return assertNever(state)
  }
}
