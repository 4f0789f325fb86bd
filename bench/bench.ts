// Measures the figures that docs/performance.md quotes: `npm run bench [-- FIGURE…]`. Prints a table, then JSON.
import { cpus, release, totalmem } from 'node:os'
import { buildIfStale } from '../scripts/build-if-stale.ts'
import { type Figure, printTable, rowOf } from './lib/figure.ts'

const figures: Record<string, () => Promise<Figure[]>> = {
  noise: async () => await (await import('./figures/noise.ts')).noise(),
  start: async () => await (await import('./figures/start.ts')).start(),
  console: async () => await (await import('./figures/console.ts')).consoleFigures(),
  plugins: async () => await (await import('./figures/plugins.ts')).pluginFigures(),
  router: async () => await (await import('./figures/router.ts')).router(),
  gateway: async () => await (await import('./figures/gateway.ts')).gateway(),
  'gateway-memory': async () => await (await import('./figures/gateway.ts')).gatewayMemory(),
  many: async () => await (await import('./figures/many.ts')).many(),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(figures, name))
if (unknown.length > 0) {
  console.error(`unknown figure ${unknown.join(', ')}; known: ${Object.keys(figures).join(', ')}`)
  process.exit(2)
}
await buildIfStale()
const rows = []
for (const [name, measure] of Object.entries(figures)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.error(`measuring ${name} …`)
  rows.push(...(await measure()).map(rowOf))
}
printTable(rows)
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
}
console.log(JSON.stringify({ machine: { ...machine, node: process.version }, figures: rows }, null, 2))
