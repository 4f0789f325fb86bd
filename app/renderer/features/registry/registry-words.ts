import type { PlatformState } from '../../../shared/contracts/platform.ts'
import type { Instance } from '../../../shared/contracts/registry.ts'
import { reasonIn } from '../../../shared/reason-in-chinese.ts'
import type { Translate } from '../../i18n/language.ts'

/** Why an instance is down is said as main writes it; what is not known in Chinese stays as it came. */
export function stateWords({ state }: Instance, t: Translate, language: string): string {
  if (state.kind === 'up') return t('registry.up')
  return reasonIn(language, state.reason)
}

/** The address of the part that a caller names: the port of the registry or the gateway, or what answers in its place. */
export function addressOfPart(platform: PlatformState | null, part: 'registry' | 'config-centre' | 'gateway'): string {
  const listening = (platform?.ports ?? []).filter(({ state }) => state.kind === 'listening')
  const port = (listening.find((one) => one.part === part) ?? listening[0])?.port
  return `http://127.0.0.1:${port ?? { registry: 8003, 'config-centre': 8001, gateway: 8000 }[part]}`
}

/** What registers a service from a shell. JSON is what `-d` carries here, whatever curl calls it. */
export function registerCommand(platform: PlatformState | null): string {
  const token = platform?.openLocalMode === false ? " -H 'Authorization: Bearer TOKEN'" : ''
  const body = '{\n  "name": "demo", "url": "http://127.0.0.1:9000",\n  "health_path": "/" }'
  return `curl${token} ${addressOfPart(platform, 'config-centre')}/api/registry/services -d '${body}'`
}
