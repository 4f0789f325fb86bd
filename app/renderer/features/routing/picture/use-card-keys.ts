import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { FeatureRules } from '../../../../shared/contracts/routing.ts'
import { useText } from '../../../i18n/language.ts'
import { candidateName } from '../routing-words.ts'
import { place, removeCandidate, setCandidate, step } from '../rules-edit.ts'
import { type Card, type Column, findCard } from './arrange.ts'
import { tierBeside } from './tiers.ts'

const arrows: Readonly<Record<string, readonly [across: -1 | 0 | 1, down: -1 | 0 | 1]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The keyboard of the picture: one card takes part in the tab order, arrows move on, with Alt they move the candidate. */
export function useCardKeys({
  root,
  rules,
  columns,
  change,
}: {
  readonly root: RefObject<HTMLElement | null>
  readonly rules: FeatureRules
  readonly columns: readonly Column[]
  /** Null while nothing can be changed here. */
  readonly change: ((rules: FeatureRules) => void) | null
}) {
  const t = useText()
  const [focused, setFocused] = useState<string | null>(null)
  /** What was moved, by candidate and key: its place is told once the picture is painted anew. */
  const moved = useRef<string | null>(null)
  /** Gets the focus once it is in the page: the end of a long tier is only painted when the keyboard comes there. */
  const wanted = useRef<string | null>(null)
  /** The focus went with the last card. */
  const emptied = useRef(false)
  const [said, setSaid] = useState('')
  const found = findCard(columns, focused)
  const tabStop = found?.card.id ?? columns[0]?.cards[0]?.id ?? null

  // biome-ignore lint/correctness/useExhaustiveDependencies: once the picture is painted without that card
  useEffect(() => {
    if (emptied.current) {
      // What its keys bring by themselves stays in the picture.
      const left = root.current?.querySelector<HTMLElement>('[data-card]') ?? root.current?.querySelector('button')
      left?.focus()
    }
    emptied.current = false
  }, [columns, root])

  useEffect(() => {
    const id = moved.current
    moved.current = null
    if (id === null) return
    // A card that changes its column is another element: the focus goes with the candidate.
    focusCard(root.current, id)
    const now = findCard(columns, id)
    if (!now) return
    setSaid(
      t('routing.movedTo', {
        name: candidateName(now.card.candidate, t),
        place: now.column.cards.indexOf(now.card) + 1,
        count: now.column.cards.length,
        tier: now.column.tier ?? t('routing.noKeyTier'),
      }),
    )
  }, [columns, root, t])

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is focused decides what is painted
  useEffect(() => {
    if (wanted.current !== null) focusCard(root.current, wanted.current)
    wanted.current = null
  }, [focused, root])
  function go(card: Card | null | undefined): void {
    if (!card) return
    wanted.current = card.id
    setFocused(card.id)
  }

  function move(card: Card, column: Column, across: -1 | 0 | 1, down: -1 | 0 | 1): void {
    const tier = across === 0 ? null : tierBeside(columns, column, across)
    const next =
      down !== 0 ? step(rules, column, card, down) : tier === null ? null : place(rules, card.index, null, tier)
    if (!next) {
      const words = { name: candidateName(card.candidate, t), tier: column.tier ?? t('routing.noKeyTier') }
      setSaid(t('routing.cannotMove', words))
      return
    }
    moved.current = card.id
    change?.(next)
  }

  function press(event: KeyboardEvent): void {
    const id = (event.target as HTMLElement).dataset['card']
    const at = findCard(columns, id ?? null)
    if (!at || event.ctrlKey || event.metaKey || event.shiftKey) return
    const arrow = arrows[event.key]
    if (arrow) {
      event.preventDefault()
      if (event.altKey) move(at.card, at.column, ...arrow)
      else go(beside(columns, at.card, at.column, ...arrow))
    } else if (event.altKey) return
    else if (event.key === 'Delete' && change) {
      const { cards } = at.column
      const here = cards.indexOf(at.card)
      const column = columns.indexOf(at.column)
      const beyond = [...columns.slice(column + 1), ...columns.slice(0, column).reverse()]
      const others = [
        ...cards.slice(here + 1),
        ...cards.slice(0, here).reverse(),
        ...beyond.flatMap((one) => one.cards),
      ]
      const next = others.find(({ index }) => index !== at.card.index)
      go(next)
      emptied.current = next === undefined && !at.card.brought
      change(
        at.card.brought
          ? setCandidate(rules, at.card.index, { ...at.card.candidate, weight: 0 })
          : removeCandidate(rules, at.card.index),
      )
    }
  }

  return {
    said,
    tabStop,
    onKeyDown: press,
    onFocus: ({ target }: FocusEvent<HTMLElement>) => setFocused(target.dataset['card'] ?? focused),
  }
}

function beside(columns: readonly Column[], card: Card, column: Column, across: number, down: number): Card | null {
  const at = column.cards.indexOf(card)
  if (across === 0) return column.cards[at + down] ?? null
  const next = columns[columns.indexOf(column) + across]
  return next?.cards[Math.min(at, next.cards.length - 1)] ?? null
}

function focusCard(root: HTMLElement | null, id: string | null): void {
  if (id === null) return
  const card = root?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`)
  card?.focus()
  card?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}
