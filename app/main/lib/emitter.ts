import type { Unsubscribe } from '../../shared/rpc/contract.ts'

export function createEmitter<T>() {
  const listeners = new Set<(value: T) => void>()
  return {
    emit: (value: T) => {
      for (const listener of [...listeners]) listener(value)
    },
    listen(listener: (value: T) => void): Unsubscribe {
      // A wrapper, so that the same function listening twice is two listeners.
      const own = (value: T) => listener(value)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    get size() {
      return listeners.size
    },
  }
}
export type Emitter<T> = ReturnType<typeof createEmitter<T>>
