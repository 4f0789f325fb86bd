import { useState } from 'react'
import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import { TextArea } from '../../../ui/TextArea.tsx'
import { parseJson, prettyJson } from './json-text.ts'

/**
 * A value written as JSON. What cannot be read yet is kept as a text, so that nothing that was typed is lost, whether
 * the page is left or the form turned into JSON; the field then says what is wrong or that it is sent as text.
 */
export function JsonInput(props: {
  readonly label: string
  readonly id: string
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
  readonly placeholder?: string | undefined
  readonly required?: boolean | undefined
  readonly invalid?: boolean | undefined
  readonly describedBy?: string | undefined
}) {
  const { value, onChange } = props
  const [typed, setTyped] = useState(() => written(value))
  // Spaces and line breaks stay as typed; a value that came from elsewhere is written anew.
  const shown = JSON.stringify(read(typed)) === JSON.stringify(value) ? typed : written(value)
  return (
    <TextArea
      label={props.label}
      id={props.id}
      value={shown}
      rows={Math.min(12, Math.max(3, shown.split('\n').length))}
      mono
      placeholder={props.placeholder}
      required={props.required}
      invalid={props.invalid}
      describedBy={props.describedBy}
      onChange={(text) => {
        setTyped(text)
        onChange(read(text))
      }}
    />
  )
}

/** Whether a text is one that JSON would read as something else; otherwise it may stand without quotes. */
export const isPlainText = (value: Json | undefined): boolean => typeof value === 'string' && !parseJson(value).ok

function written(value: Json | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'string' && isPlainText(value) ? value : prettyJson(value)
}

function read(text: string): Json | undefined {
  if (text.trim() === '') return undefined
  const parsed = parseJson(text)
  return parsed.ok ? parsed.value : text
}
