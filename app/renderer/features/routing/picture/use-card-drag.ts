import { type DragEvent, type HTMLAttributes, useState } from 'react'
import type { FeatureRules } from '../../../../shared/contracts/routing.ts'
import { place } from '../rules-edit.ts'
import { type Card, type Column, findCard } from './arrange.ts'

type Side = 'before' | 'after'
interface Over {
  readonly column: string | null
  readonly card: string | null
  readonly side: Side
}
export type CardDrag = ReturnType<typeof useCardDrag>

/** Moves cards with the mouse: onto another card, before or after it, or into the free place of a tier. */
export function useCardDrag({
  rules,
  columns,
  change,
}: {
  readonly rules: FeatureRules
  readonly columns: readonly Column[]
  /** Null while nothing can be changed here. */
  readonly change: ((rules: FeatureRules) => void) | null
}) {
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<Over | null>(null)

  function end(): void {
    setDragged(null)
    setOver(null)
  }
  function drop(before: number | null, tier: string | null): void {
    const found = findCard(columns, dragged)
    end()
    if (!found || !change) return
    const next = place(rules, found.card.index, before, tier === null || tier === found.column.tier ? undefined : tier)
    if (next !== rules) change(next)
  }
  const hover = (next: Over) =>
    setOver((known) =>
      known?.column === next.column && known.card === next.card && known.side === next.side ? known : next,
    )

  return {
    dragged,
    over,
    dropInTier: (tier: string) => drop(null, tier),
    cardProps: (column: Column, card: Card): HTMLAttributes<HTMLElement> => ({
      onDragStart(event) {
        event.dataTransfer.effectAllowed = 'move'
        // A kind of its own: a text dropped on the window is taken for a curl command.
        event.dataTransfer.setData('application/x-pilothouse-candidate', card.id)
        // What the page adds for the drag comes after the browser took its picture of the card.
        setTimeout(() => setDragged(card.id))
      },
      onDragEnd: end,
      onDragOver(event) {
        if (dragged === null) return
        event.preventDefault()
        event.stopPropagation()
        hover({ column: column.tier, card: card.id, side: sideOf(event) })
      },
      onDrop(event) {
        if (dragged === null) return
        event.preventDefault()
        event.stopPropagation()
        if (card.id === dragged) return end()
        drop(sideOf(event) === 'before' ? card.index : card.index + 1, column.tier)
      },
    }),
    columnProps: (column: Column): HTMLAttributes<HTMLElement> => ({
      onDragOver(event) {
        if (dragged === null || column.tier === null) return
        event.preventDefault()
        hover({ column: column.tier, card: null, side: 'after' })
      },
      onDrop(event) {
        if (dragged === null || column.tier === null) return
        event.preventDefault()
        const last = column.cards.at(-1)
        drop(last ? last.index + 1 : null, column.tier)
      },
    }),
  }
}

function sideOf(event: DragEvent<HTMLElement>): Side {
  const { top, height } = event.currentTarget.getBoundingClientRect()
  return event.clientY < top + height / 2 ? 'before' : 'after'
}
