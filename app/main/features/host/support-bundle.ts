import { release } from 'node:os'
import { promisify } from 'node:util'
import { strToU8, type Zippable, zip } from 'fflate'
import type { Entry } from '../../../shared/contracts/audit.ts'
import type { DockerState } from '../../../shared/contracts/docker.ts'
import type { Service } from '../../../shared/contracts/services.ts'
import type { Settings } from '../../../shared/contracts/settings.ts'
import type { AppLog } from '../../lib/log.ts'
import { looksSecret, MASK, maskText } from '../../lib/secrets.ts'
import { version } from '../../lib/version.ts'

const LOG_BYTES = 5 * 1024 * 1024
export const AUDIT_LINES = 100

/** What only a console with a whole database can tell. */
export interface SupportSources {
  readonly docker: () => DockerState
  readonly database: () => unknown
  readonly settings: () => Settings
  readonly services: () => readonly Service[]
  /** How often each action ended how. */
  readonly auditCounts: () => unknown
  /** Newest first. */
  readonly auditNewest: () => readonly Entry[]
}

const readme = `This bundle helps to find out what went wrong. Nothing is sent anywhere: you choose whom to give it to.

versions.json       this console, its runtime, the operating system, the Docker connection, the database
settings.json       the settings; what looks like a secret is replaced by ${MASK}
pilothouse.log      the newest part of the console's own log; secrets are replaced by ${MASK}
audit-summary.json  how often each action was done and how it ended; the newest ${AUDIT_LINES} without what they changed
services.json       names, images and states of the services; no environment, no logs
`

/** A zip of what a helper needs to know, without secrets. It is made when things fail: a part that fails says why in its place. */
export async function makeSupportBundle(log: AppLog, sources: SupportSources | null): Promise<Uint8Array> {
  const known = (): SupportSources => {
    if (sources) return sources
    throw new Error('the database is damaged')
  }
  const files: Zippable = {
    'README.txt': strToU8(readme),
    'versions.json': json({
      pilothouse: version,
      node: process.versions.node,
      electron: process.versions['electron'] ?? null,
      system: `${process.platform} ${process.arch} ${release()}`,
      docker: attempt(() => known().docker()),
      database: attempt(() => known().database()),
    }),
    'settings.json': json(attempt(() => known().settings())),
    // Masked when it was written, and again: the rule may have become stricter since.
    'pilothouse.log': strToU8(String(attempt(() => log.tail(LOG_BYTES).split('\n').map(maskText).join('\n')))),
    'audit-summary.json': json({
      counts: attempt(() => known().auditCounts()),
      newest: attempt(() =>
        known()
          .auditNewest()
          .map(({ before: _before, after: _after, hash: _hash, ...line }) => line),
      ),
    }),
    'services.json': json(
      attempt(() =>
        known()
          .services()
          .map(({ name, image, project, state, health }) => ({ name, image, project, state, health })),
      ),
    ),
  }
  return await promisify<Zippable, Uint8Array>(zip)(files)
}

function json(value: unknown): Uint8Array {
  const masked = (name: string, one: unknown) =>
    typeof one !== 'string' ? one : looksSecret(name, one) ? MASK : maskText(one)
  return strToU8(JSON.stringify(value, masked, 2))
}

function attempt<T>(make: () => T): T | string {
  try {
    return make()
  } catch (error) {
    return `could not be read: ${error instanceof Error ? error.message : String(error)}`
  }
}
