import { Eye, EyeOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Key } from '../../../../shared/contracts/keys.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { run } from '../../../shell/run.ts'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { Countdown } from '../Countdown.tsx'
import styles from './Drawer.module.css'

/** However late main says that it ends, a secret is not in sight for longer. */
const longest = 30_000

/** Masked until it is asked for; main writes down each look, and it is gone again by itself. */
export function Secret({ entry: { id, maskedSecret } }: { readonly entry: Key }) {
  const t = useText()
  const [shown, setShown] = useState<{ readonly secret: string; readonly until: number } | null>(null)
  useEffect(() => {
    if (!shown) return
    const timer = setTimeout(() => setShown(null), Math.max(0, shown.until - Date.now()))
    return () => clearTimeout(timer)
  }, [shown])
  const reveal = async () => {
    const answer = await run(rpc.keys.reveal({ id }))
    if (answer) setShown({ ...answer, until: Math.min(answer.until, Date.now() + longest) })
  }
  return (
    <span className={styles['secret']}>
      <Mono>{shown?.secret ?? maskedSecret}</Mono>
      {shown ? (
        <>
          <CopyButton text={shown.secret} label={t('keys.copySecret')} />
          <IconButton icon={EyeOff} label={t('keys.hide')} onClick={() => setShown(null)} />
          <span className={styles['quiet']}>
            {t('keys.hiddenIn')} <Countdown until={shown.until} />
          </span>
        </>
      ) : (
        <IconButton icon={Eye} label={t('keys.reveal')} onClick={() => void reveal()} />
      )}
    </span>
  )
}
