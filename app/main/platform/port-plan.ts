import type { Settings } from '../../shared/contracts/settings.ts'
import type { PortWish } from './messages.ts'

/** Part and default port; with a base, the ports from there on in this order. */
const parts = [
  ['gateway', 8000],
  ['config-centre', 8001],
  ['plugin-service', 8002],
  ['registry', 8003],
  ['router-engine', 8004],
  ['coze-api', 8080],
] as const

/** A list names the ports of the parts one by one, in their order; a shorter one leaves the last parts out. */
export type PortChoice = Settings['platformPorts'] | { readonly kind: 'list'; readonly ports: readonly number[] }

/** Which ports the local platform is to answer at. */
export function portPlan(choice: PortChoice): readonly PortWish[] {
  if (choice.kind === 'off') return []
  if (choice.kind === 'list')
    return choice.ports.slice(0, parts.length).map((port, index) => ({ part: parts[index]![0], port }))
  return parts.map(([part, port], index) => ({ part, port: choice.kind === 'base' ? choice.base + index : port }))
}
