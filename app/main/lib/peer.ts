import type { MessagePort, Worker } from 'node:worker_threads'
import { AppError, type ErrorDetails, knownCode } from '../../shared/errors.ts'

/** One thing that can be asked of the other thread: input, answer, and what it reports on the way. */
export interface Ask<Input = unknown, Output = unknown, Progress = never> {
  readonly input: Input
  readonly output: Output
  readonly progress: Progress
}
export type Asks = { readonly [name: string]: Ask }

/** What this thread answers. */
export type PeerHandlers<A> = {
  readonly [K in keyof A]: A[K] extends Ask<infer Input, infer Output, infer Progress>
    ? (
        input: Input,
        context: { readonly signal: AbortSignal; readonly report: (progress: Progress) => void },
      ) => Output | Promise<Output>
    : never
}

/** What the other thread can be asked. */
export interface Peer<A> {
  ask<K extends keyof A & string>(
    name: K,
    input: A[K] extends Ask<infer Input, unknown, unknown> ? Input : never,
    options?: {
      readonly signal?: AbortSignal | undefined
      readonly onProgress?: A[K] extends Ask<unknown, unknown, infer Progress> ? (progress: Progress) => void : never
    },
  ): Promise<A[K] extends Ask<unknown, infer Output, unknown> ? Output : never>
  /** Asks without waiting; a failure is the other thread's to log. */
  tell<K extends keyof A & string>(
    name: K,
    input: A[K] extends Ask<infer Input, unknown, unknown> ? Input : never,
  ): void
  /** Fails everything that is still asked. */
  close(error: AppError): void
}

type Message =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'tell'; readonly name: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly code: string; readonly details: ErrorDetails }

type Handler = (input: unknown, context: { signal: AbortSignal; report: (progress: unknown) => void }) => unknown

/** Two threads of this console ask each other over a message port; both ends are ours, so nothing is validated. */
export function createPeer<Remote, Local>(
  port: MessagePort | Worker,
  handlers: PeerHandlers<Local>,
  failed: (name: string, error: unknown) => void,
): Peer<Remote> {
  const local = handlers as unknown as Readonly<Record<string, Handler>>
  const waiting = new Map<
    number,
    {
      resolve: (value: never) => void
      reject: (error: AppError) => void
      progress: ((value: never) => void) | undefined
    }
  >()
  const working = new Map<number, AbortController>()
  let lastId = 0
  let closed: AppError | null = null
  const post = (message: Message) => port.postMessage(message)

  async function answer(id: number, name: string, input: unknown): Promise<void> {
    const controller = new AbortController()
    working.set(id, controller)
    try {
      const report = (progress: unknown) => post({ kind: 'progress', id, progress })
      post({ kind: 'answer', id, output: await local[name]!(input, { signal: controller.signal, report }) })
    } catch (error) {
      if (error instanceof AppError) post({ kind: 'failure', id, code: error.code, details: error.details })
      else {
        failed(name, error)
        post({ kind: 'failure', id, code: 'INTERNAL', details: { incident: name } })
      }
    } finally {
      working.delete(id)
    }
  }
  async function hear(name: string, input: unknown): Promise<void> {
    try {
      await local[name]!(input, { signal: new AbortController().signal, report: () => {} })
    } catch (error) {
      failed(name, error)
    }
  }

  // Both are event emitters; their types overload `on` differently.
  const events = port as Worker
  events.on('message', (message: Message) => {
    switch (message.kind) {
      case 'ask':
        return void answer(message.id, message.name, message.input)
      case 'tell':
        return void hear(message.name, message.input)
      case 'cancel':
        return working.get(message.id)?.abort(new AppError('CANCELLED'))
      case 'progress':
        return waiting.get(message.id)?.progress?.(message.progress as never)
      case 'answer':
        waiting.get(message.id)?.resolve(message.output as never)
        return void waiting.delete(message.id)
      case 'failure':
        waiting.get(message.id)?.reject(new AppError(knownCode(message.code), message.details))
        return void waiting.delete(message.id)
    }
  })

  return {
    ask(name, input, options = {}) {
      const { signal, onProgress } = options
      return new Promise((resolve, reject) => {
        if (closed) return reject(closed)
        if (signal?.aborted) return reject(new AppError('CANCELLED'))
        const id = ++lastId
        const cancel = () => post({ kind: 'cancel', id })
        const done = () => signal?.removeEventListener('abort', cancel)
        waiting.set(id, {
          resolve: (value) => {
            done()
            resolve(value)
          },
          reject: (error) => {
            done()
            reject(error)
          },
          progress: onProgress as ((value: never) => void) | undefined,
        })
        signal?.addEventListener('abort', cancel)
        post({ kind: 'ask', id, name, input })
      })
    },
    tell(name, input) {
      if (!closed) post({ kind: 'tell', name, input })
    },
    close(error) {
      closed = error
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
      for (const controller of working.values()) controller.abort(error)
    },
  }
}
