import { useEffect } from 'react'
import { AppError } from '../../../shared/errors.ts'
import { rpc } from '../../rpc/rpc.ts'
import { showFailure } from '../../shell/run.ts'
import { readYaml, type YamlProblem } from './draft-store.ts'

/** So long after the last key it is read. */
const pause = 250

/** Reads the YAML of a draft as it is typed, also when the view that it is typed in has gone; null for none. */
export function useYamlReading(name: string, typed: string | null): void {
  useEffect(() => {
    if (typed === null) return
    const timer = setTimeout(() => void readTyped(name, typed), pause)
    return () => clearTimeout(timer)
  }, [typed, name])
}

/** Reads it now; what cannot be read is the draft's problem. */
export async function readTyped(name: string, typed: string): Promise<void> {
  try {
    readYaml(name, typed, await rpc.routing.fromYaml({ yaml: typed }))
  } catch (error) {
    const known = problemOf(error)
    readYaml(name, typed, known ?? { line: 1, reason: String(error) })
    if (!known) showFailure(error)
  }
}

function problemOf(error: unknown): YamlProblem | null {
  if (!(error instanceof AppError) || error.code !== 'RULES_UNREADABLE') return null
  const line = Number(error.details['line'])
  return { line: Number.isSafeInteger(line) && line > 0 ? line : 1, reason: String(error.details['reason'] ?? '') }
}
