import { useState } from 'react'
import { useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { classes } from '../../../ui/classes.ts'
import type { Card, Column } from './arrange.ts'
import { ChoiceCard } from './ChoiceCard.tsx'
import styles from './Picture.module.css'
import type { CardDrag } from './use-card-drag.ts'

/** So many cards of one tier are in the page at first, and so many more with each press: a thousand stay quick. */
const portion = 50

/** One tier: what is tried before the column to its right. */
export function TierColumn({
  column,
  number,
  weighted,
  tabStop,
  drag,
  editable,
  onOpen,
}: {
  readonly column: Column
  /** Its turn; null for what is never tried. */
  readonly number: number | null
  /** The strategy looks at weights. */
  readonly weighted: boolean
  /** Id of the card that Tab reaches. */
  readonly tabStop: string | null
  readonly drag: CardDrag
  readonly editable: boolean
  readonly onOpen: (card: Card) => void
}) {
  const t = useText()
  const [asked, setAsked] = useState(portion)
  const { tier, cards } = column
  const label = tier === null ? t('routing.noKeyTier') : t('routing.tier', { tier })
  // The card with the keyboard stays in the page, however far it was moved.
  const shown = Math.max(asked, cards.findIndex(({ id }) => id === tabStop) + 1)
  return (
    <section
      aria-label={label}
      className={classes(styles['column'], drag.over?.column === tier && tier !== null && styles['over'])}
      {...drag.columnProps(column)}
    >
      <h3 className={styles['tier']}>
        {number !== null && (
          <span className={styles['number']} role="img" aria-label={t('routing.tierNumber', { number })}>
            {number}
          </span>
        )}
        <span className={styles['tierName']} title={label}>
          {tier ?? label}
        </span>
        {tier === null && <span className={styles['way']}>{t('routing.noKeyTierText')}</span>}
      </h3>
      <ol className={styles['cards']}>
        {cards.slice(0, shown).map((card) => (
          <ChoiceCard
            key={card.id}
            card={card}
            weighted={weighted}
            tabIndex={card.id === tabStop ? 0 : -1}
            line={drag.over?.card === card.id ? drag.over.side : null}
            dragged={drag.dragged === card.id}
            drag={editable ? drag.cardProps(column, card) : null}
            onOpen={editable ? () => onOpen(card) : null}
          />
        ))}
      </ol>
      {cards.length > shown && (
        <Button variant="quiet" onClick={() => setAsked(shown + portion)}>
          {t('routing.moreCards', { count: Math.min(portion, cards.length - shown) })}
        </Button>
      )}
    </section>
  )
}
