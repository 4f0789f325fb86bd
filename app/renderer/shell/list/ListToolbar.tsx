import type { ReactNode, Ref } from 'react'
import { SearchField } from '../../ui/SearchField.tsx'
import { type Option, Select } from '../../ui/Select.tsx'
import { Toolbar, ToolbarChoice, ToolbarFilter } from '../../ui/Toolbar.tsx'

/** One of a few by which a list is narrowed. */
export interface Narrowing {
  readonly label: string
  readonly value: string
  readonly options: readonly Option<string>[]
  readonly onChange: (value: string) => void
}

/** What narrows a list, by words and by choices, and at the end what acts on it. */
export function ListToolbar({
  filter,
  label,
  placeholder,
  text,
  onText,
  choices,
  end,
}: {
  readonly filter: Ref<HTMLInputElement>
  readonly label: string
  readonly placeholder: string
  readonly text: string
  readonly onText: (text: string) => void
  readonly choices: readonly Narrowing[]
  readonly end?: ReactNode
}) {
  return (
    <Toolbar end={end}>
      <ToolbarFilter>
        <SearchField ref={filter} label={label} placeholder={placeholder} shortcut="/" value={text} onChange={onText} />
      </ToolbarFilter>
      {choices.map((choice) => (
        <ToolbarChoice key={choice.label}>
          <Select hideLabel {...choice} />
        </ToolbarChoice>
      ))}
    </Toolbar>
  )
}
