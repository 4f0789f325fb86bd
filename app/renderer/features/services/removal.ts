import type { RemovalPreview } from '../../../shared/contracts/services.ts'

/** What a removal takes with it and what it leaves, summed over its victims. */
export interface Losses {
  readonly names: readonly string[]
  readonly running: readonly string[]
  /** Null when the engine did not say for at least one. */
  readonly writableBytes: number | null
  readonly volumes: readonly { readonly service: string; readonly name: string; readonly target: string }[]
  readonly kept: readonly string[]
}

export function sumLosses(items: readonly RemovalPreview[]): Losses {
  return {
    names: items.map((item) => item.name),
    running: items.filter((item) => item.running).map((item) => item.name),
    writableBytes: items.reduce<number | null>(
      (sum, item) => (sum === null || item.writableBytes === null ? null : sum + item.writableBytes),
      0,
    ),
    volumes: items.flatMap((item) => item.anonymousVolumes.map((volume) => ({ service: item.name, ...volume }))),
    kept: [...new Set(items.flatMap((item) => item.kept))],
  }
}

/** More victims than this, or the volumes of more than one, are confirmed by typing. */
const manyServices = 10

/** The text to type before a removal; null when naming the victims is enough. */
export function textToType(losses: Losses, withVolumes: boolean): string | null {
  const owners = new Set(losses.volumes.map((volume) => volume.service))
  if (losses.names.length > manyServices) return String(losses.names.length)
  if (!withVolumes || owners.size === 0) return null
  return losses.names.length === 1 ? losses.names[0]! : String(losses.names.length)
}
