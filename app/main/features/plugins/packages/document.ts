import type { FindingCode } from '../../../../shared/contracts/plugin-finding-texts.ts'
import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import type { ErrorDetails } from '../../../../shared/errors.ts'
import { pointerKeys } from './findings.ts'
import { indexJson, jsonError } from './json-document.ts'
import { type Json, limits } from './package-types.ts'
import { parseUsualYaml } from './usual-yaml.ts'
import { parseYaml } from './yaml-document.ts'

/** 1-based. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** A YAML or JSON text, read. */
export interface Document {
  readonly file: string
  /** Undefined where the text could not be read; the findings say why. */
  readonly value: Json | undefined
  /** Where the node of a JSON pointer stands, or its nearest ancestor that does. */
  locate(pointer: string): Place | null
  readonly findings: readonly Finding[]
}

export interface ParseOptions {
  /** Whole numbers that a JavaScript number cannot hold stay text, digit for digit (ids of 64 bits). */
  readonly longNumbersAsText?: boolean
}

/** What a parser of one notation answers; `offset` is the place in the text. */
export interface Parsed {
  readonly value: Json | undefined
  offsetOf(keys: readonly string[]): number
  readonly problems: readonly Problem[]
}
export interface Problem {
  readonly severity: Finding['severity']
  readonly code: FindingCode
  readonly offset: number
  readonly details: ErrorDetails
}

/** How many complaints about the notation of one document are worth reading. */
export const mostProblems = 50
/** Broken JSON is tried as YAML, which is slower, up to this many characters. */
const lenientCharacters = 2 * 1024 * 1024

/** Reads a YAML or JSON text; whatever is wrong with it becomes findings, it never throws. */
export function readDocument(file: string, text: string, options: ParseOptions = {}): Document {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const placeOf = lineFinder(bare)
  const parsed = parse(file, bare, options)
  return {
    file,
    value: parsed.value,
    locate: (pointer) => (parsed.value === undefined ? null : placeOf(parsed.offsetOf(pointerKeys(pointer)))),
    findings: parsed.problems.slice(0, mostProblems).map(({ severity, code, offset, details }) => ({
      ...{ severity, code, details, file },
      ...placeOf(offset),
      ...{ path: '', fixable: severity !== 'error' && code === 'JSON_LENIENT' },
    })),
  }
}

function parse(file: string, text: string, options: ParseOptions): Parsed {
  if (text.length > limits.documentBytes) {
    const most = limits.documentBytes / 1024 / 1024
    return refused('DOCUMENT_TOO_LARGE', 0, { most })
  }
  if (!/^\s*[[{]/.test(text) || options.longNumbersAsText)
    return parseUsualYaml(text, options) ?? parseYaml(text, options)
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    const { offset, reason } = jsonError(error as Error, text)
    const problem = { severity: 'error', code: 'JSON_SYNTAX', offset, details: { reason } } as const
    if (text.length > lenientCharacters) return refused('JSON_SYNTAX', offset, { reason })
    const lenient = parseYaml(text, options)
    if (lenient.value === undefined) return /\.ya?ml$/i.test(file) ? lenient : { ...lenient, problems: [problem] }
    if (/\.ya?ml$/i.test(file)) return lenient
    return {
      ...lenient,
      problems: [...lenient.problems, { ...problem, severity: 'warning', code: 'JSON_LENIENT' }],
    }
  }
  const index = indexJson(text)
  if (index.tooDeepAt !== null) return refused('DOCUMENT_TOO_DEEP', index.tooDeepAt, { most: limits.depth })
  return { value, ...index }
}

/** A document of which nothing is used. */
export const refused = (code: FindingCode, offset: number, details: ErrorDetails): Parsed => ({
  value: undefined,
  offsetOf: () => 0,
  problems: [{ severity: 'error', code, offset, details }],
})

/** The lines are counted when the first place is asked for. */
function lineFinder(text: string): (offset: number) => Place {
  let starts: number[] | null = null
  return (offset) => {
    if (starts === null) {
      starts = [0]
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    }
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - starts[low]! + 1 }
  }
}
