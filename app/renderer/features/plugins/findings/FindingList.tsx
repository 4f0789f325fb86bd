import { ChevronDown, ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { describeFinding } from '../../../../shared/contracts/plugin-finding-texts.ts'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { ToneMark } from '../../../ui/ToneMark.tsx'
import styles from './Findings.module.css'
import { placeOf, tones } from './finding-words.ts'

const step = 100

/** Findings one a line; `detail` is what a line opens to. */
export function FindingList({
  findings,
  detail,
}: {
  readonly findings: readonly Finding[]
  readonly detail?: ((finding: Finding) => ReactNode) | undefined
}) {
  const t = useText()
  const [most, setMost] = useState(step)
  return (
    <>
      <ul>
        {findings.slice(0, most).map((finding, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same finding may stand twice at one place; the list never moves
          <OneFinding key={index} finding={finding} detail={detail} />
        ))}
      </ul>
      {findings.length > most && (
        <Button variant="quiet" onClick={() => setMost(most + step)}>
          {t('plugins.moreFindings', { count: findings.length - most })}
        </Button>
      )}
    </>
  )
}

function OneFinding({
  finding,
  detail,
}: {
  readonly finding: Finding
  readonly detail: ((finding: Finding) => ReactNode) | undefined
}) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const { sentence, fix } = describeFinding(finding, useLanguage())
  const place = placeOf(finding)
  const words = (
    <>
      <span className={styles['sentence']}>{sentence}</span>
      {place !== '' && <code className={styles['place']}>{place}</code>}
      {fix !== null && (
        <span className={styles['fix']}>
          {t('plugins.mended')} {fix}
        </span>
      )}
    </>
  )
  const canOpen = detail !== undefined && finding.file !== ''
  const Chevron = open ? ChevronDown : ChevronRight
  return (
    <li className={styles['finding']}>
      <span className={styles['mark']}>
        <ToneMark tone={tones[finding.severity]} />
      </span>
      {canOpen ? (
        <button type="button" className={styles['fold']} aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className={styles['words']}>{words}</span>
          <Chevron size={16} strokeWidth={1.5} aria-hidden />
        </button>
      ) : (
        <span className={styles['words']}>{words}</span>
      )}
      {open && <div className={styles['detail']}>{detail?.(finding)}</div>}
    </li>
  )
}
