import { create } from 'zustand'

/** How lines are shown. Kept while the page lives: the next service is shown the way the last one was. */
export interface LogOptions {
  readonly timestamps: boolean
  readonly wrap: boolean
  readonly numbers: boolean
}
export const useLogOptions = create<LogOptions>(() => ({ timestamps: false, wrap: false, numbers: false }))

export const toggleLogOption = (name: keyof LogOptions): void =>
  useLogOptions.setState((options) => ({ [name]: !options[name] }))
