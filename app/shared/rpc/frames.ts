import { z } from 'zod'
import { ErrorDetails } from '../errors.ts'

/** Client to main. Checked, because over a socket the sender is only a claim. */
export const Request = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.number().int(), path: z.string().max(100), data: z.unknown().optional() }),
  z.object({
    kind: z.literal('listen'),
    id: z.number().int(),
    path: z.string().max(100),
    data: z.unknown().optional(),
  }),
  z.object({ kind: z.literal('unlisten'), id: z.number().int() }),
  /** The client has read this many characters since its last `read`; main sends no more than a window beyond that. */
  z.object({ kind: z.literal('read'), characters: z.number().int().nonnegative() }),
])
export type Request = z.infer<typeof Request>

/** Main to client. `failure` answers a call or a refused subscription. */
export const Response = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('value'), id: z.number().int(), data: z.unknown().optional() }),
  z.object({ kind: z.literal('failure'), id: z.number().int(), code: z.string(), details: ErrorDetails }),
  z.object({ kind: z.literal('event'), id: z.number().int(), data: z.unknown().optional() }),
])
export type Response = z.infer<typeof Response>

/** Unread characters above which a subscriber is subscribed afresh rather than sent more. */
export const WINDOW = 4_000_000
/** A client reports what it has read each time this many characters have arrived. */
export const READ_STEP = 64_000
