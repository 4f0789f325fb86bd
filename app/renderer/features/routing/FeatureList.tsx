import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { FeatureRules } from '../../../shared/contracts/routing.ts'
import { useText } from '../../i18n/language.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { classes } from '../../ui/classes.ts'
import { SearchField } from '../../ui/SearchField.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { withBrought } from './brought.ts'
import { useDrafts } from './draft-store.ts'
import { conditionMarks, conditionOf } from './feature-condition.ts'
import { NewFeatureDialog } from './NewFeatureDialog.tsx'
import styles from './Routing.module.css'
import { routingPath } from './routing-address.ts'
import { useRouteKeys, useRouting, useStandings } from './routing-store.ts'
import { conditionWords, strategyNames } from './routing-words.ts'

/** So few are seen at a glance; more get a field to find one. */
const few = 12

/** Every feature with how it stands, the chosen one marked; drafts of features that do not exist yet stand among them. */
export function FeatureList({ current }: { readonly current: string | null }) {
  const t = useText()
  const byName = useRouting((state) => state.byName)
  const drafts = useDrafts((state) => state.byName)
  const keys = useRouteKeys()
  const standings = useStandings((state) => state.byName)
  const [adding, setAdding] = useState(false)
  const [words, setWords] = useState('')
  const names = useMemo(
    () => [...new Set([...byName.keys(), ...drafts.keys()])].sort((a, b) => a.localeCompare(b, 'en')),
    [byName, drafts],
  )
  const wanted = words.trim().toLowerCase()
  const shown = names.filter((name) => name.toLowerCase().includes(wanted))
  return (
    <nav className={styles['list']} aria-label={t('routing.features')}>
      {names.length > few && (
        <div className={styles['find']}>
          <SearchField label={t('routing.findFeature')} value={words} onChange={setWords} />
        </div>
      )}
      <ul className={styles['features']}>
        {shown.map((name) => {
          const rules: FeatureRules | undefined = byName.get(name) ?? drafts.get(name)?.rules
          if (!rules) return null
          const standing = standings.get(name)
          const condition = conditionOf(rules, keys, standing)
          // As many as the picture of the route shows.
          const { candidates } = withBrought(drafts.get(name)?.rules ?? rules, standing?.brought ?? []).rules
          return (
            <li key={name}>
              <a
                href={`#${routingPath(name)}`}
                aria-current={name === current ? 'page' : undefined}
                className={classes(styles['feature'], name === current && styles['current'])}
              >
                <StateMark state={conditionMarks[condition]} label={t(conditionWords[condition])} />
                <span className={styles['featureName']} title={name}>
                  {name}
                </span>
                {drafts.has(name) && <Badge tone="warn">{t('routing.draftMark')}</Badge>}
                <span className={styles['facts']}>
                  {t(strategyNames[rules.strategy])} · {t('routing.candidatesCount', { count: candidates.length })}
                </span>
              </a>
            </li>
          )
        })}
      </ul>
      <div className={styles['foot']}>
        <Button icon={Plus} variant="quiet" onClick={() => setAdding(true)}>
          {t('routing.newFeature')}
        </Button>
      </div>
      {adding && <NewFeatureDialog taken={names} onClose={() => setAdding(false)} />}
    </nav>
  )
}
