/** The file of a worker thread: its source where this runs from source (tests), else its bundle beside this one. */
export const workerFile = (base: string, source: string, bundle: string): URL =>
  new URL(base.endsWith('.ts') ? source : `./${bundle}.js`, base)
