import { Eye, EyeOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ServiceDetails } from '../../../../shared/contracts/services.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { run } from '../../../shell/run.ts'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { KeyValue } from '../../../ui/KeyValue.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import styles from './Drawer.module.css'

/** How long a revealed value stays in sight. */
const revealedFor = 30_000

export function Environment({
  id,
  environment,
  gone,
}: {
  readonly id: string
  readonly environment: ServiceDetails['environment']
  readonly gone: boolean
}) {
  const t = useText()
  if (environment.length === 0) return <p className={styles['note']}>{t('services.environmentNone')}</p>
  return (
    <>
      {environment.some(({ value }) => value === null) && (
        <p className={styles['note']}>{t('services.revealAdvice')}</p>
      )}
      <KeyValue
        items={environment.map(({ name, value }) => ({
          key: name,
          label: <Mono>{name}</Mono>,
          value: value === null ? <Hidden id={id} name={name} gone={gone} /> : <Mono>{value}</Mono>,
        }))}
      />
    </>
  )
}

/** A value that looks like a secret: shown on request, one by one, for half a minute. */
function Hidden({ id, name, gone }: { readonly id: string; readonly name: string; readonly gone: boolean }) {
  const t = useText()
  const [value, setValue] = useState<string | null>(null)
  useEffect(() => {
    if (value === null) return
    const timer = setTimeout(() => setValue(null), revealedFor)
    return () => clearTimeout(timer)
  }, [value])
  const reveal = async () => {
    const answer = await run(rpc.services.revealEnvironment({ id, name }))
    if (answer) setValue(answer.value)
  }
  return (
    <span className={styles['inline']}>
      {value === null ? (
        <>
          <span aria-hidden>••••••••</span>
          <span className={styles['hiddenWord']}>{t('services.hidden')}</span>
          {!gone && <IconButton icon={Eye} label={t('services.reveal', { name })} onClick={() => void reveal()} />}
        </>
      ) : (
        <>
          <Mono>{value}</Mono>
          <CopyButton text={value} label={t('services.copyValue', { name })} />
          <IconButton icon={EyeOff} label={t('services.hide', { name })} onClick={() => setValue(null)} />
        </>
      )}
    </span>
  )
}
