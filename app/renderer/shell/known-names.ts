import { useMemo } from 'react'
import { usePlugins } from '../features/plugins/plugins-store.ts'
import { useRouting } from '../features/routing/routing-store.ts'
import type { PickerOption } from '../ui/NamePicker.tsx'
import { useKeys } from './keys-mirror.ts'

export type NamedKind = 'features' | 'models' | 'plugins'

/** What a token can open by its name, as it is known now: features, models of routes and keys, ids of plugins. */
export function useKnownNames(): Readonly<Record<NamedKind, readonly PickerOption[]>> {
  const features = useRouting(({ byName }) => byName)
  const keys = useKeys(({ byId }) => byId)
  const plugins = usePlugins(({ byId }) => byId)
  return useMemo(() => {
    const routed = [...features.values()].flatMap(({ candidates }) => candidates.map(({ model }) => model))
    const listed = [...keys.values()].flatMap(({ models }) => models ?? [])
    return {
      features: byLabel([...features.keys()].map(same)),
      models: byLabel([...new Set([...routed, ...listed])].map(same)),
      plugins: byLabel([...plugins.values()].map(({ id, name }) => ({ value: id, label: name }))),
    }
  }, [features, keys, plugins])
}

const same = (name: string): PickerOption => ({ value: name, label: name })
// Numbers inside names count as numbers; Chinese names stand by their sound.
const order = new Intl.Collator('zh-CN', { numeric: true, sensitivity: 'base' })
const byLabel = (options: readonly PickerOption[]) => options.toSorted((a, b) => order.compare(a.label, b.label))
