import type { Json } from '../../../../shared/contracts/plugin-calls.ts'

type JsonObject = { readonly [key: string]: Json }

/** A JSON text with its parts one below the other; what is no JSON (an answer that was cut) stays as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** The kept arguments of a call, to send them again; null where none can be read. */
export function argumentsOf(text: string | null): JsonObject | null {
  if (text === null) return null
  try {
    const value = JSON.parse(text) as Json
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
  } catch {
    return null
  }
}
