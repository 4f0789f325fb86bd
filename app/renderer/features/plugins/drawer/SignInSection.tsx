import { ExternalLink, LogIn, LogOut } from 'lucide-react'
import { useState } from 'react'
import type { SignIn } from '../../../../shared/contracts/plugins.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { run } from '../../../shell/run.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import styles from './Drawer.module.css'

/** How the plugin proves to its vendor who it is; where the operator must agree first, the way there. */
export function SignInSection({
  id,
  name,
  signIn,
}: {
  readonly id: string
  readonly name: string
  readonly signIn: SignIn
}) {
  const t = useText()
  const [url, setUrl] = useState<string | null>(null)
  if (signIn.kind === 'none') return null
  const signedIn = signIn.kind === 'authorizationCode' && signIn.since !== null
  const begin = async () => {
    const answer = await run(rpc.plugins.beginSignIn({ id }))
    if (answer) setUrl(answer.url)
  }
  const end = async () => {
    if (await run(rpc.plugins.signOut({ id }).then(() => true))) toast({ text: t('plugins.doneSignOut', { name }) })
  }
  return (
    <section>
      <h3>{t('plugins.signIn')}</h3>
      {signIn.kind === 'serviceToken' && <p className={styles['note']}>{t('plugins.serviceToken')}</p>}
      {signIn.kind === 'clientCredentials' && (
        <p className={styles['note']}>
          {t('plugins.clientCredentials')}{' '}
          {signIn.until !== null && (
            <RelativeTime time={signIn.until} write={(time) => t('plugins.tokenUntil', { time })} />
          )}
        </p>
      )}
      {signIn.kind === 'authorizationCode' && (
        <>
          <p className={styles['hash']}>
            <StateMark state={signedIn ? 'ok' : 'warn'} />
            {signIn.since === null ? (
              t('plugins.notSignedIn')
            ) : (
              <RelativeTime time={signIn.since} write={(time) => t('plugins.signedIn', { time })} />
            )}
            {signedIn && signIn.until !== null && (
              <RelativeTime time={signIn.until} write={(time) => t('plugins.tokenUntil', { time })} />
            )}
          </p>
          <div className={styles['buttons']}>
            <Button icon={LogIn} onClick={() => void begin()}>
              {t(signedIn ? 'plugins.signInAgain' : 'plugins.signInBegin')}
            </Button>
            {signedIn && (
              <Button icon={LogOut} variant="quiet" onClick={() => void end()}>
                {t('plugins.signOut')}
              </Button>
            )}
          </div>
          {url !== null && !signedIn && <Address url={url} />}
        </>
      )}
    </section>
  )
}

/** Where the operator agrees. It is a link, which both hosts open in the browser of the machine, and can be taken along. */
function Address({ url }: { readonly url: string }) {
  const t = useText()
  return (
    <>
      <p className={styles['note']}>{t('plugins.signInText')}</p>
      <div className={styles['address']}>
        <Mono>{url}</Mono>
        <span className={styles['end']}>
          <a
            href={url}
            target="_blank"
            rel="noreferrer"
            aria-label={t('plugins.openSignIn')}
            title={t('plugins.openSignIn')}
          >
            <ExternalLink size={16} strokeWidth={1.5} aria-hidden />
          </a>
          <CopyButton text={url} label={t('plugins.copyAddress')} />
        </span>
      </div>
    </>
  )
}
