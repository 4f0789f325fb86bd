import { describeFinding } from '../../shared/contracts/plugin-finding-texts.ts'
import type { Finding } from '../../shared/contracts/plugin-findings.ts'
import { AppError } from '../../shared/errors.ts'
import type { ReadPackage, ReadPlugin } from '../features/plugins/packages/package-types.ts'
import { readPackage } from '../features/plugins/packages/read-package.ts'
import { spokenLanguage } from './language.ts'
import { parse } from './usage.ts'

const print = (line: string) => process.stdout.write(`${line}\n`)

/** `pilothouse plugins check PATH` */
export async function check(args: string[]): Promise<void> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, strict: { type: 'boolean', default: false } },
  })
  const [path, ...more] = positionals
  if (path === undefined) throw new AppError('WRONG_USE', { reason: 'plugins check needs the path of a package.' })
  if (more.length > 0) throw new AppError('WRONG_USE', { reason: `plugins check does not take ${more[0]}.` })
  const found = await readPackage(path, { strict: values.strict })
  if (values.json) printJson(found)
  else printText(found)
  if (found.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1
}

const callable = ({ tools }: ReadPlugin) => tools.filter(({ disabled }) => disabled === null).length

function printJson({ kind, plugins, findings }: ReadPackage): void {
  const language = spokenLanguage()
  const json = {
    kind,
    plugins: plugins.map((plugin) => ({
      ...{ id: plugin.id, name: plugin.name, version: plugin.version, server: plugin.server },
      ...{ tools: plugin.tools.length, callable: callable(plugin), repairs: plugin.repairs },
    })),
    findings: findings.map((finding) => {
      const { sentence, fix } = describeFinding(finding, language)
      const { severity, code, file, line, column, path, fixable } = finding
      return { severity, code, message: sentence, file, line, column, path, fixable, fix }
    }),
  }
  print(JSON.stringify(json))
}

function printText({ plugins, findings }: ReadPackage): void {
  const tools = plugins.reduce((sum, { tools }) => sum + tools.length, 0)
  const usable = plugins.reduce((sum, plugin) => sum + callable(plugin), 0)
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length
  const closing = [
    `${plugins.length} ${plugins.length === 1 ? 'plugin' : 'plugins'}`,
    `${usable} of ${tools} tools callable`,
    `${count('error')} errors`,
    `${count('warning')} warnings`,
  ]
  const sections = [
    plugins.map(headline),
    findings.map(findingLine),
    ...plugins.map(repairLines),
    [`${closing.join(', ')}.`],
  ]
  const filled = sections.filter((lines) => lines.length > 0)
  print(filled.map((lines) => lines.map(plain).join('\n')).join('\n\n'))
}

function headline(plugin: ReadPlugin): string {
  const models = plugin.models.length > 0 ? `, ${plugin.models.length} models` : ''
  return `${plugin.name} ${plugin.version}: ${callable(plugin)} of ${plugin.tools.length} tools callable${models}`
}

function repairLines({ name, repairs }: ReadPlugin): string[] {
  if (repairs.length === 0) return []
  const changes = repairs.flatMap(({ file, line, code, path, before, after }) => [
    `${place(file, line)} ${code} ${path || '/'}`,
    `  - ${short(before)}`,
    `  + ${short(after)}`,
  ])
  return [`${name}: what an import changes in its copy`, ...changes]
}

function findingLine(finding: Finding): string {
  const { file, line, column, severity, code } = finding
  return `${place(file, line, column)} ${severity} ${code} ${describeFinding(finding, spokenLanguage()).sentence}`
}

const place = (file: string, line: number | null, column?: number | null) =>
  [file || '.', line, column].filter((part) => part !== null && part !== undefined).join(':')
const short = (text: string | null) =>
  text === null ? '(nothing)' : text.length > 160 ? `${text.slice(0, 159)}…` : text
/** What a package says must not steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
const plain = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')
