import { createContext, useContext } from 'react'
import type { Choices, Problem } from './form-values.ts'

/** What every field of one form shares. */
export interface FormScope {
  /** Key of the draft that the fields edit. */
  readonly draftKey: string
  /** What keeps the form from being sent, once that was tried. */
  readonly problems: ReadonlyMap<string, Problem>
  /** What main refused of the last call. */
  readonly refused: ReadonlyMap<string, Problem>
  readonly choices: Choices
}

export const FormContext = createContext<FormScope | null>(null)

export function useForm(): FormScope {
  const scope = useContext(FormContext)
  if (!scope) throw new Error('a field stands outside of its form')
  return scope
}
