// Reading the engine's own JSON without trusting its shape: what is missing or of another type is empty.

export const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')
export const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
export const flag = (value: unknown): boolean => value === true
/** A list of texts; a bare text is a list of one. */
export const texts = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : list(value).filter((item) => typeof item === 'string')
/** The value at a path of keys. */
export const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce((inner, key) => objectOf(inner)[key], value)
