import { create } from 'zustand'
import type { ErrorCode, ErrorDetails } from '../../shared/errors.ts'

export interface ToastAction {
  readonly label: string
  readonly onClick: () => void
}
/** A success passes by itself; a failure stays until it is dismissed. */
export type Toast = { readonly id: number; readonly action?: ToastAction | undefined } & (
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'failure'; readonly code: ErrorCode; readonly details: ErrorDetails; readonly times: number }
)

/** Failures beyond this many push out the oldest: a broken engine must not bury the page. */
const most = 5
let lastId = 0

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }))

/** Says that something is done, with a way back where there is one. */
export function toast({ text, action }: { readonly text: string; readonly action?: ToastAction | undefined }): void {
  add({ kind: 'done', id: ++lastId, text, action })
}

/** Shows a failure; the same one again is counted instead of repeated. */
export function failureToast(code: ErrorCode, details: ErrorDetails, action?: ToastAction): void {
  const { toasts } = useToasts.getState()
  const same = toasts.find((shown) => shown.kind === 'failure' && shown.code === code && equal(shown.details, details))
  if (same?.kind !== 'failure') {
    add({ kind: 'failure', id: ++lastId, code, details, times: 1, action })
    return
  }
  const counted = { ...same, times: same.times + 1, action }
  useToasts.setState({ toasts: toasts.map((shown) => (shown === same ? counted : shown)) })
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((shown) => shown.id !== id) }))
}

/** A success takes no failure's place: of too many the oldest success goes, and only then the oldest failure. */
function add(shown: Toast): void {
  const all = [...useToasts.getState().toasts, shown]
  const oldest = all.find(({ kind }, at) => kind === 'done' && at < all.length - 1) ?? all[0]
  useToasts.setState({ toasts: all.length > most ? all.filter((one) => one !== oldest) : all })
}
const equal = (a: ErrorDetails, b: ErrorDetails) => JSON.stringify(a) === JSON.stringify(b)
