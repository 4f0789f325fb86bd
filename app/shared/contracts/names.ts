import { z } from 'zod'

/** What an operator calls something: no control characters, and not the mark of bytes that were no text. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\ufffd]*$/u, 'expected a name without control characters')
