import type { ParseOptions } from '../../app/main/features/plugins/packages/document.ts'
import type { Json } from '../../app/main/features/plugins/packages/package-types.ts'
import { parseUsualYaml } from '../../app/main/features/plugins/packages/usual-yaml.ts'
import { parseYaml } from '../../app/main/features/plugins/packages/yaml-document.ts'

/**
 * What our reader of usual YAML and the library say differently of a text: its values, the place of each node, what is
 * wrong with it. Null where they agree, 'left' where ours leaves the text to the library.
 */
export function differenceOfReaders(text: string, options: ParseOptions = {}): string | null {
  const usual = parseUsualYaml(text, options)
  if (usual === null) return 'left'
  const library = parseYaml(text, options)
  const said = [usual, library].map(({ problems }) => JSON.stringify(problems))
  if (said[0] !== said[1]) return `problems ${said.join(' / ')}`
  const path: string[] = []
  const places = () => [usual.offsetOf(path), library.offsetOf(path)]
  function compare(one: Json | undefined, other: Json | undefined): string | null {
    const [here, there] = places()
    if (here !== there) return `place of /${path.join('/')}: ${here} / ${there}`
    if (one === null || typeof one !== 'object' || other === null || typeof other !== 'object')
      return Object.is(one, other) ? null : `/${path.join('/')}: ${JSON.stringify(one)} / ${JSON.stringify(other)}`
    const keys = Object.keys(one)
    const same = Array.isArray(one) === Array.isArray(other) && keys.join('\n') === Object.keys(other).join('\n')
    if (!same) return `members of /${path.join('/')}`
    for (const key of keys) {
      path.push(key)
      const difference = compare((one as Record<string, Json>)[key], (other as Record<string, Json>)[key])
      if (difference !== null) return difference
      path.pop()
    }
    return null
  }
  const difference = compare(usual.value, library.value)
  if (difference !== null) return difference
  path.push('nowhere')
  const [here, there] = places()
  return here === there ? null : 'place of what is not there'
}
