import { useState } from 'react'
import type { RestartPolicy, Service } from '../../../shared/contracts/services.ts'
import { type Translate, useText } from '../../i18n/language.ts'
import { Button } from '../../ui/Button.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './PolicyForm.module.css'
import { act } from './service-actions.ts'

const names = ['no', 'on-failure', 'always', 'unless-stopped'] as const
const keys = {
  no: 'services.policyNo',
  'on-failure': 'services.policyOnFailure',
  always: 'services.policyAlways',
  'unless-stopped': 'services.policyUnlessStopped',
} as const

export function policySentence({ name, maximumRetryCount }: RestartPolicy, t: Translate): string {
  if (name === 'on-failure' && maximumRetryCount > 0) {
    return t('services.policyOnFailureTimes', { count: maximumRetryCount })
  }
  return t(keys[name])
}

/** Chooses whether the engine restarts a service that ended. */
export function PolicyForm({
  service,
  policy,
  onDone,
}: {
  readonly service: Service
  readonly policy: RestartPolicy
  readonly onDone: () => void
}) {
  const t = useText()
  const [name, setName] = useState(policy.name)
  const [times, setTimes] = useState(String(policy.maximumRetryCount))
  const count = Number(times)
  const valid = name !== 'on-failure' || (/^\d+$/.test(times) && count <= 10_000)
  const save = () => {
    if (!valid) return
    onDone()
    const maximumRetryCount = name === 'on-failure' ? count : 0
    void act([service], { kind: 'setRestartPolicy', policy: { name, maximumRetryCount } })
  }
  return (
    <div className={styles['form']}>
      <Select
        label={t('services.policyLabel')}
        hideLabel
        value={name}
        options={names.map((value) => ({ value, label: t(keys[value]) }))}
        onChange={setName}
      />
      {name === 'on-failure' && (
        <TextField type="number" label={t('services.policyTimes')} value={times} onChange={setTimes} onEnter={save} />
      )}
      <div className={styles['buttons']}>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
        <Button variant="primary" disabled={!valid} onClick={save}>
          {t('services.policySave')}
        </Button>
      </div>
    </div>
  )
}
