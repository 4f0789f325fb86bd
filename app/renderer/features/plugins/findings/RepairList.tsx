import { useState } from 'react'
import { describeFinding } from '../../../../shared/contracts/plugin-finding-texts.ts'
import type { Repair } from '../../../../shared/contracts/plugin-findings.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import styles from './Findings.module.css'
import { placeOf } from './finding-words.ts'

const step = 50

/** What the import changed in its copy: the place, before and after. */
export function RepairList({ repairs }: { readonly repairs: readonly Repair[] }) {
  const t = useText()
  const [most, setMost] = useState(step)
  return (
    <>
      <ul>
        {repairs.slice(0, most).map((repair, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one place may be mended twice; the list never moves
          <OneRepair key={index} repair={repair} />
        ))}
      </ul>
      {repairs.length > most && (
        <Button variant="quiet" onClick={() => setMost(most + step)}>
          {t('plugins.moreRepairs', { count: repairs.length - most })}
        </Button>
      )}
    </>
  )
}

function OneRepair({ repair }: { readonly repair: Repair }) {
  const t = useText()
  const { code, before, after, path } = repair
  // Without the details of its finding only the part of the sentence that says what is done can be told.
  const { fix } = describeFinding({ code, details: {}, fixable: true }, useLanguage())
  return (
    <li className={styles['repair']}>
      <div className={styles['words']}>
        <span className={styles['sentence']}>{fix !== null && !fix.includes('{') ? fix : <code>{code}</code>}</span>
        <code className={styles['place']}>{placeOf({ ...repair, column: null })}</code>
        {path !== '' && <code className={styles['place']}>{path}</code>}
      </div>
      <dl className={styles['values']}>
        {before !== null && <Value label={t('plugins.before')} text={before} />}
        <Value label={t('plugins.after')} text={after ?? t('plugins.leftOut')} />
      </dl>
    </li>
  )
}

function Value({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <pre tabIndex={scrolls(text) ? 0 : undefined}>{text}</pre>
      </dd>
    </>
  )
}

/** A value that does not fit its box scrolls, so the keyboard must reach it. */
const scrolls = (text: string) => text.length > 300 || text.split('\n').length > 7
