import { Plus, Waypoints } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { FeatureRules } from '../../../../shared/contracts/routing.ts'
import { useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import type { YamlProblem } from '../draft-store.ts'
import { strategyWays } from '../routing-words.ts'
import { addCandidate, removeCandidate, setCandidate } from '../rules-edit.ts'
import { type Column, findCard } from './arrange.ts'
import { CandidateDialog } from './CandidateDialog.tsx'
import styles from './Picture.module.css'
import { TierColumn } from './TierColumn.tsx'
import { missingTiers } from './tiers.ts'
import { useCardDrag } from './use-card-drag.ts'
import { useCardKeys } from './use-card-keys.ts'

export interface PictureProps {
  readonly name: string
  readonly rules: FeatureRules
  readonly columns: readonly Column[]
  /** The typed YAML cannot be read: a change here would throw it away, so there is none. */
  readonly locked: YamlProblem | null
  readonly onChange: (rules: FeatureRules) => void
}

/** Who is tried, tier by tier from left to right, each as it stands now. Cards are dragged, or moved with Alt and arrows. */
export function Picture({ name, rules, columns, locked, onChange }: PictureProps) {
  const t = useText()
  const root = useRef<HTMLElement>(null)
  /** The id of the card that is edited; '' for a new candidate. By its id, as rules may change meanwhile. */
  const [asked, setAsked] = useState<string | null>(null)
  const card = findCard(columns, asked)?.card ?? null
  const change = locked ? null : onChange
  const keys = useCardKeys({ root, rules, columns, change })
  const drag = useCardDrag({ rules, columns, change })
  const ghosts = useMemo(() => missingTiers(columns), [columns])
  const tried = columns.filter(({ tier }) => tier !== null)

  return (
    <section ref={root} className={styles['picture']} aria-label={t('routing.picture')} aria-describedby="routing-keys">
      <div className={styles['bar']}>
        <p className={locked ? styles['warn'] : undefined} role="status">
          {locked
            ? t('routing.lockedByYaml', { line: String(locked.line) })
            : rules.candidates.length > 0 && t('routing.how', { way: t(strategyWays[rules.strategy]) })}
        </p>
        {rules.candidates.length > 0 && add('quiet')}
      </div>
      <p id="routing-keys" className={styles['spoken']}>
        {t('routing.keysHelp')}
      </p>
      <p className={styles['spoken']} role="status">
        {keys.said}
      </p>
      {rules.candidates.length === 0 ? (
        <EmptyState icon={Waypoints} title={t('routing.emptyPicture')} action={add('plain')}>
          {t('routing.emptyPictureText')}
        </EmptyState>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the cards within it have the focus; keys are caught on their way up
        <div className={styles['columns']} onKeyDown={keys.onKeyDown} onFocus={keys.onFocus}>
          {columns.map((column) => (
            <TierColumn
              key={column.tier ?? ''}
              column={column}
              number={column.tier === null ? null : tried.indexOf(column) + 1}
              weighted={rules.strategy === 'weighted'}
              tabStop={keys.tabStop}
              drag={drag}
              editable={!locked}
              onOpen={({ id }) => setAsked(id)}
            />
          ))}
          {drag.dragged &&
            ghosts.map((tier) => <GhostColumn key={tier} tier={tier} onDrop={() => drag.dropInTier(tier)} />)}
        </div>
      )}
      {asked !== null && (
        <CandidateDialog
          feature={name}
          key={asked}
          candidate={card?.candidate ?? null}
          brought={card?.brought ?? false}
          onClose={() => setAsked(null)}
          onApply={(candidate) => {
            setAsked(null)
            onChange(card ? setCandidate(rules, card.index, candidate) : addCandidate(rules, candidate))
          }}
          onRemove={() => {
            setAsked(null)
            if (card) onChange(removeCandidate(rules, card.index))
          }}
        />
      )}
    </section>
  )

  function add(variant: 'plain' | 'quiet') {
    return (
      <Button icon={Plus} variant={variant} disabled={locked !== null} onClick={() => setAsked('')}>
        {t('routing.addCandidate')}
      </Button>
    )
  }
}

/** Where a card can be dropped into a tier that nobody is in yet; only while one is dragged. */
function GhostColumn({ tier, onDrop }: { readonly tier: string; readonly onDrop: () => void }) {
  const t = useText()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: exists only for the mouse; Alt with an arrow does the same
    <div
      className={styles['ghost']}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        onDrop()
      }}
    >
      {t('routing.dropHere', { tier })}
    </div>
  )
}
