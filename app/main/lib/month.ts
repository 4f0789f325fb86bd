/** The calendar month (UTC) of a time, and the next one. */
export function monthOf(now: number): { readonly start: number; readonly end: number } {
  const date = new Date(now)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) }
}
