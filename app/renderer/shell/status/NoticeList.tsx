import { X } from 'lucide-react'
import type { Notice } from '../../../shared/contracts/notices.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { ToneMark } from '../../ui/ToneMark.tsx'
import { useNotices } from '../mirror-stores.ts'
import { run } from '../run.ts'
import bar from '../StatusBar.module.css'
import styles from './Status.module.css'

/** What the operator should know though no click was waiting for it. */
export function NoticeList() {
  const t = useText()
  const { notices } = useNotices()
  const worst = (['fail', 'warn'] as const).find((severity) => notices.some((notice) => notice.severity === severity))
  return (
    <Popover
      title={t('shell.notices')}
      trigger={
        <button type="button" className={bar['item']}>
          {worst && <ToneMark tone={worst} />}
          {notices.length > 0 ? t('shell.noticeCount', { count: notices.length }) : t('shell.notices')}
        </button>
      }
    >
      {notices.length === 0 && <p className={styles['empty']}>{t('shell.noticeNoneText')}</p>}
      <ul>
        {notices.map((notice) => (
          <OneNotice key={notice.id} notice={notice} />
        ))}
      </ul>
    </Popover>
  )
}

function OneNotice({ notice }: { readonly notice: Notice }) {
  const t = useText()
  const { id, severity, code, details, at } = notice
  const sentence = t(`notices.${code}`, details)
  return (
    <li className={styles['entry']}>
      <span className={styles['mark']}>
        <ToneMark tone={severity} />
      </span>
      <p className={styles['text']}>{sentence}</p>
      <span className={styles['buttons']}>
        <CopyButton text={`${code}\n${sentence}\n${JSON.stringify(details)}`} label={t('shell.copyNotice')} />
        <IconButton icon={X} label={t('shell.noticeDismiss')} onClick={() => void run(rpc.notices.dismiss({ id }))} />
      </span>
      <p className={styles['more']}>
        {t(adviceOf(notice), details)} <RelativeTime time={at} />
      </p>
    </li>
  )
}

/** An interrupted recreate tells how it left the containers; every other notice has one advice. */
function adviceOf({ code, details }: Notice): TextKey {
  if (code === 'ACTION_INTERRUPTED' && details['state'] === 'restored') return 'notices.ACTION_INTERRUPTED_restored'
  if (code === 'ACTION_INTERRUPTED' && details['state'] === 'both-kept') return 'notices.ACTION_INTERRUPTED_bothKept'
  return `notices.${code}_advice`
}
