import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { reasonIn } from '../../../../shared/reason-in-chinese.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { bytes } from '../../../ui/format.ts'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import drawer from '../drawer/Drawer.module.css'
import styles from './Jobs.module.css'
import { type JobPicture, jsonOf, picturesOf } from './job-output.ts'

/** What came of a job: its pictures, and the whole as JSON. */
export function JobOutput({ id }: { readonly id: string }) {
  const [found, setFound] = useState<{ readonly result: unknown } | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let current = true
    rpc.gateway.findJob({ id }).then(
      ({ result }) => current && setFound({ result }),
      (failure: unknown) => current && setError(failure),
    )
    return () => {
      current = false
    }
  }, [id])
  if (error !== null) return <Failed error={error} />
  return found ? <Output result={found.result} /> : <SkeletonRows count={3} />
}

function Output({ result }: { readonly result: unknown }) {
  const t = useText()
  const { pictures, total } = useMemo(() => picturesOf(result), [result])
  const { whole, drawn } = useMemo(() => jsonOf(result), [result])
  return (
    <>
      {pictures.length > 0 && (
        <section>
          <h3>{t('keys.jobPictures')}</h3>
          <ol className={styles['pictures']}>
            {pictures.map((picture, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what came of a job never changes
              <li key={index}>
                <span className={styles['place']}>{index + 1}</span>
                <Picture picture={picture} number={index + 1} />
              </li>
            ))}
          </ol>
          {total > pictures.length && (
            <p className={drawer['quiet']}>{t('common.andMore', { count: total - pictures.length })}</p>
          )}
          {pictures.some(({ kind }) => kind === 'address') && (
            <p className={drawer['quiet']}>{t('keys.jobPicturesText')}</p>
          )}
        </section>
      )}
      <section>
        <div className={styles['head']}>
          <h3>{t('keys.jobOutput')}</h3>
          <CopyButton text={whole} label={t('keys.jobCopyOutput')} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
        <pre className={styles['json']} tabIndex={0}>
          {drawn}
        </pre>
        {drawn !== whole && <p className={drawer['quiet']}>{t('keys.jobOutputCut')}</p>}
      </section>
    </>
  )
}

function Picture({ picture, number }: { readonly picture: JobPicture; readonly number: number }): ReactNode {
  const t = useText()
  const language = useLanguage()
  switch (picture.kind) {
    case 'address': {
      const { address, opens } = picture
      return (
        <>
          {opens === null ? (
            <code className={styles['address']}>{address}</code>
          ) : (
            <a className={styles['address']} href={opens} title={opens} target="_blank" rel="noreferrer">
              {address}
            </a>
          )}
          <CopyButton text={address} label={t('keys.jobCopyPicture', { number })} />
        </>
      )
    }
    case 'content':
      return t('keys.jobPictureContent', { size: bytes(picture.bytes, language) })
    case 'failed':
      return (
        <span>
          <StateMark state="fail" label={t('keys.jobFailed')} /> {reasonIn(language, picture.reason)}
        </span>
      )
  }
}
