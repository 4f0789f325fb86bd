import { registerHooks } from 'node:module'

const double = new URL('./electron.ts', import.meta.url).href

/** Whoever imports electron in this process gets the double. */
registerHooks({
  resolve(specifier, context, next) {
    if (['electron', 'electron/main', 'electron/common'].includes(specifier)) {
      return { url: double, shortCircuit: true }
    }
    return next(specifier, context)
  },
})
