import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { bytes } from '../../../ui/format.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { JsonTree } from './JsonTree.tsx'
import { foldable } from './json-lines.ts'
import { parseJson, prettyJson } from './json-text.ts'
import styles from './TryIt.module.css'

/** As one text in the page, more than this makes scrolling stutter. */
const mostRaw = 100_000

/** The answer's JSON in lines that fold, or as it came. */
export function ResponseBody({
  data,
  cutFrom,
}: {
  readonly data: string
  /** Length of the whole when `data` is only its beginning. */
  readonly cutFrom: number | null
}) {
  const t = useText()
  const language = useLanguage()
  const parsed = useMemo(() => (cutFrom === null ? parseJson(data) : null), [data, cutFrom])
  const [raw, setRaw] = useState(false)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  if (data === '' || data === 'null') return <p className={styles['quiet']}>{t('tryIt.emptyBody')}</p>
  const tree = parsed?.ok === true && typeof parsed.value === 'object' && !raw
  return (
    <div className={styles['body']}>
      {cutFrom !== null && (
        <div className={styles['banner']}>
          <Banner tone="warn">
            {t('tryIt.cut', { shown: bytes(data.length, language), size: bytes(cutFrom, language) })}
          </Banner>
        </div>
      )}
      <div className={styles['line']}>
        {parsed?.ok === true && <Checkbox label={t('tryIt.raw')} checked={raw} onChange={setRaw} />}
        <span className={styles['end']}>
          {tree && (
            <>
              <IconButton
                icon={ChevronsDownUp}
                label={t('tryIt.foldAll')}
                onClick={() => setFolded(foldable(parsed.value, 1))}
              />
              <IconButton icon={ChevronsUpDown} label={t('tryIt.unfoldAll')} onClick={() => setFolded(new Set())} />
            </>
          )}
          <CopyButton
            text={parsed?.ok === true && !raw ? prettyJson(parsed.value) : data}
            label={t('tryIt.copyBody')}
          />
        </span>
      </div>
      {tree ? (
        <JsonTree value={parsed.value} folded={folded} onFold={setFolded} label={t('tryIt.jsonTree')} />
      ) : (
        <RawText text={data} />
      )}
    </div>
  )
}

function RawText({ text }: { readonly text: string }) {
  const t = useText()
  const language = useLanguage()
  const [whole, setWhole] = useState(false)
  const cut = text.length > mostRaw && !whole
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable by keyboard */}
      <pre className={styles['pre']} tabIndex={0}>
        {cut ? text.slice(0, mostRaw) : text}
      </pre>
      {cut && (
        <div className={styles['line']}>
          <span className={styles['quiet']}>
            {t('tryIt.rawCut', { shown: bytes(mostRaw, language), size: bytes(text.length, language) })}
          </span>
          <Button variant="quiet" onClick={() => setWhole(true)}>
            {t('common.showAll')}
          </Button>
        </div>
      )}
    </>
  )
}
