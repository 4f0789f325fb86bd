import { useText } from '../../../i18n/language.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { usePlatform } from '../../platform/platform-store.ts'
import { addressOf, mainPort } from '../../platform/platform-words.ts'
import styles from '../dialogs/Dialogs.module.css'

/** The only sight of a new token; the example does not repeat it, so that it lands in no shell history. */
export function MadeToken({
  name,
  token,
  onClose,
}: {
  readonly name: string
  readonly token: string
  readonly onClose: () => void
}) {
  const t = useText()
  const port = usePlatform(({ state }) => (state === null ? null : mainPort(state)))
  const command = `curl ${addressOf(port ?? { port: 8000 })}/v1/models -H "Authorization: Bearer $PILOTHOUSE_TOKEN"`
  return (
    <Dialog
      title={t('keys.tokenMade', { name })}
      open
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t('keys.tokenStored')}
        </Button>
      }
    >
      <Banner tone="warn">{t('keys.tokenOnce')}</Banner>
      <div className={styles['once']}>
        <code>{token}</code>
        <CopyButton text={token} label={t('keys.copyToken')} />
      </div>
      <p>{t('keys.tokenTry')}</p>
      <div className={styles['once']}>
        <code>{command}</code>
        <CopyButton text={command} label={t('keys.copyCommand')} />
      </div>
    </Dialog>
  )
}
