import { z } from 'zod'

export interface Call {
  readonly input: z.ZodType
  readonly output: z.ZodType
  /** Pages ask it by themselves as things happen: no sign that anybody is there. */
  readonly unattended?: true
}
export interface EventSpec {
  readonly payload: z.ZodType
  readonly params: z.ZodType
}
export interface Contract {
  readonly calls: Readonly<Record<string, Call>>
  readonly events: Readonly<Record<string, EventSpec>>
}

const nothing = z.void()

/** A request with one reply. Input is validated in main; output is what the handler must return. */
export function call<I extends z.ZodType = typeof nothing, O extends z.ZodType = typeof nothing>(
  io: { input?: I; output?: O } & Pick<Call, 'unattended'> = {},
): { input: I; output: O } & Pick<Call, 'unattended'> {
  return { ...io, input: io.input ?? (nothing as unknown as I), output: io.output ?? (nothing as unknown as O) }
}

/**
 * A subscription. Its first payload must be a whole picture (a snapshot), because a subscriber that reads too slowly
 * is subscribed afresh instead of being sent what it missed.
 */
export function event<P extends z.ZodType, Q extends z.ZodType = typeof nothing>(
  payload: P,
  params?: Q,
): { payload: P; params: Q } {
  return { payload, params: params ?? (nothing as unknown as Q) }
}

export type Unsubscribe = () => void

/** Who asks: recorded in the audit trail. */
export type Actor = 'desktop' | 'browser' | 'cli' | 'console' | 'platform'

/** What a handler may know about the other end. */
export interface Caller {
  readonly actor: Actor
}

/** Hands a payload to a subscriber; false when it is too far behind and will be subscribed afresh instead. */
export type Emit<P> = (payload: P) => boolean

/** What a renderer or the CLI holds: the contract as plain functions. */
export type Client<C extends Contract> = {
  [K in keyof C['calls']]: (input: z.input<C['calls'][K]['input']>) => Promise<z.output<C['calls'][K]['output']>>
} & {
  [K in keyof C['events'] as `on${Capitalize<string & K>}`]: (
    listener: (payload: z.output<C['events'][K]['payload']>) => void,
    params: z.input<C['events'][K]['params']>,
    /** Called when main refuses the subscription. */
    failed?: (error: Error) => void,
  ) => Unsubscribe
}

/** What main must provide. A call without a handler is a compile error. */
export type Handlers<C extends Contract> = {
  [K in keyof C['calls']]: (
    input: z.output<C['calls'][K]['input']>,
    caller: Caller,
  ) => Promise<z.input<C['calls'][K]['output']>> | z.input<C['calls'][K]['output']>
} & {
  [K in keyof C['events'] as `on${Capitalize<string & K>}`]: (
    emit: Emit<z.input<C['events'][K]['payload']>>,
    params: z.output<C['events'][K]['params']>,
    caller: Caller,
  ) => Unsubscribe
}

export const onName = (event: string) => `on${event[0]!.toUpperCase()}${event.slice(1)}`
