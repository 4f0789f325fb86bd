export type Stop = () => void | Promise<void>

/** Things to stop, in the reverse order of starting. Whoever starts something adds its stop on the same line. */
export function createScope() {
  const stops: Stop[] = []
  return {
    add: (stop: Stop) => void stops.push(stop),
    /** Runs every stop even when one throws, then throws the first error. */
    async close(): Promise<void> {
      const errors: unknown[] = []
      for (const stop of stops.splice(0).reverse()) {
        try {
          await stop()
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length > 0) throw errors[0]
    },
  }
}
export type Scope = ReturnType<typeof createScope>
