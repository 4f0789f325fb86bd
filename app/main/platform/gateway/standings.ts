import type { RouteStandings } from '../../../shared/contracts/routing.ts'
import type { Engine } from '../../features/routing/engine/engine-api.ts'

/**
 * How many choices of each feature can be asked now, what an operator turned off on purpose left out, and which candidates
 * keys bring to it.
 */
export function standingsOf(features: readonly string[], engine: Engine, now: number): RouteStandings {
  const standing = (name: string) => {
    const meant = engine
      .state(name, now)
      .choices.filter(({ state, rejection }) => state.kind !== 'disabled' && rejection !== 'weight-zero')
    return {
      name,
      choices: meant.length,
      ready: meant.filter(({ state }) => state.kind === 'ready').length,
      brought: engine.brought(name).map(({ vendor, service, model }) => ({ vendor, service, model })),
    }
  }
  return { at: now, features: features.map(standing) }
}
