import { useEffect, useRef, useState } from 'react'
import type { Feature, FeatureRules } from '../../../shared/contracts/routing.ts'
import { useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { showFailure } from '../../shell/run.ts'
import { classes } from '../../ui/classes.ts'
import { StateMark } from '../../ui/StateMark.tsx'
import { type Draft, typeYaml } from './draft-store.ts'
import styles from './Yaml.module.css'

/** As much as main reads. */
const longest = 200_000

/** The rules as YAML: what is typed becomes the picture as soon as it can be read, and the picture becomes the text. */
export function YamlPane({
  name,
  feature,
  rules,
  draft,
}: {
  readonly name: string
  readonly feature: Feature | null
  readonly rules: FeatureRules
  readonly draft: Draft | null
}) {
  const t = useText()
  const typed = draft?.yaml ?? null
  const made = useYaml(rules, typed)
  const text = typed ?? made
  const problem = draft?.problem ?? null
  const gutter = useRef<HTMLOListElement>(null)

  const lines = text?.split('\n').length ?? 1
  return (
    <div className={styles['pane']}>
      <div className={styles['editor']}>
        <ol ref={gutter} className={styles['gutter']} aria-hidden>
          {Array.from({ length: lines }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <li key={index} className={problem?.line === index + 1 ? styles['wrong'] : undefined}>
              {index + 1}
            </li>
          ))}
        </ol>
        <textarea
          className={styles['text']}
          aria-label={t('routing.yaml')}
          aria-invalid={problem ? true : undefined}
          aria-describedby="routing-yaml"
          value={text ?? ''}
          readOnly={text === null}
          maxLength={longest}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => typeYaml(name, feature, event.target.value)}
          onScroll={({ currentTarget }) => {
            if (gutter.current) gutter.current.scrollTop = currentTarget.scrollTop
          }}
        />
      </div>
      <p id="routing-yaml" role="status" className={classes(styles['verdict'], problem && styles['fail'])}>
        {problem ? (
          <>
            <StateMark state="fail" />
            {t('routing.yamlLine', { line: String(problem.line), reason: problem.reason })}
          </>
        ) : draft?.reading ? (
          <>
            <StateMark state="busy" />
            {t('routing.yamlReading')}
          </>
        ) : (
          <>
            <StateMark state="ok" />
            {t('routing.yamlFine')}
          </>
        )}
      </p>
    </div>
  )
}

/** The rules as main writes them; null until it has. While YAML is typed the text is the operator's. */
function useYaml(rules: FeatureRules, typed: string | null): string | null {
  const [made, setMade] = useState<string | null>(null)
  useEffect(() => {
    if (typed !== null) return
    let current = true
    rpc.routing.toYaml(rules).then(
      ({ yaml }) => current && setMade(yaml),
      (error) => current && showFailure(error),
    )
    return () => {
      current = false
    }
  }, [rules, typed])
  return made
}
