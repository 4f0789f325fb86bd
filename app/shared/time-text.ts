import { z } from 'zod'

/** Milliseconds since 1970 of an ISO 8601 time or day; NaN for what is none. `Date.parse` alone takes 31 February for 3 March. */
export const timeOfText = (text: string): number =>
  z.iso.date().safeParse(text.slice(0, 10)).success ? Date.parse(text) : Number.NaN
