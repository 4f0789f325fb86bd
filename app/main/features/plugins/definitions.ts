import { readFile } from 'node:fs/promises'
import type { Finding, Repair } from '../../../shared/contracts/plugin-findings.ts'
import type { ToolDetails } from '../../../shared/contracts/plugins.ts'
import { AppError } from '../../../shared/errors.ts'
import { exampleArguments } from './calling/example.ts'
import { argumentSchema } from './calling/openai-functions.ts'
import type { OwnedFinding } from './importing/summary.ts'
import { definitionFile, filesFolder, findingsFile } from './importing/take-package.ts'
import type { ReadPlugin } from './packages/package-types.ts'
import type { VersionRow } from './plugin-rows.ts'
import type { Registry } from './registry.ts'

/** What is read from a version's own files when somebody asks for it; nothing of it stays in memory. */
export function createDefinitions(registry: Registry) {
  async function read<T>({ facts, packageId }: VersionRow, fileIn: (folder: string) => string): Promise<T> {
    try {
      return JSON.parse(await readFile(fileIn(registry.packageFolder(packageId)), 'utf8')) as T
    } catch (error) {
      const { name, version } = facts
      throw new AppError('PLUGIN_VERSION_UNUSABLE', { name, version, reason: 'its files are gone' }, { cause: error })
    }
  }
  const definition = (version: VersionRow) =>
    read<ReadPlugin>(version, (folder) => definitionFile(folder, version.number))

  return {
    definition,
    async findings(version: VersionRow): Promise<{ findings: Finding[]; repairs: Repair[] }> {
      const all = await read<OwnedFinding[]>(version, findingsFile)
      const { repairs } = await definition(version)
      return {
        findings: all
          .filter(({ plugins }) => plugins === null || plugins.includes(version.number))
          .map(({ plugins: _, ...finding }) => finding),
        repairs: [...repairs],
      }
    },
    /** The place of a file of the package as it came. Only what was listed when it came is ever opened. */
    sourceFile({ packageId, facts }: VersionRow, path: string): string {
      if (registry.rows.hasFile(packageId, path)) return `${filesFolder(registry.packageFolder(packageId))}/${path}`
      throw new AppError('BAD_INPUT', { reason: `${facts.name} has no file ${path.slice(0, 200)}` })
    },
    /** By operation id or tool id. Fails with TOOL_NOT_FOUND. */
    async tool(version: VersionRow, operation: string): Promise<ToolDetails> {
      const plugin = await definition(version)
      const tool =
        plugin.tools.find(({ operationId }) => operationId === operation) ??
        plugin.tools.find(({ id }) => id === operation)
      if (!tool) throw new AppError('TOOL_NOT_FOUND', { plugin: plugin.name, tool: operation })
      const { id, operationId, summary, description, method, path, disabled, response } = tool
      return {
        ...{ id, operationId, summary, description, method, path, disabled },
        schema: { ...argumentSchema(plugin, tool) },
        example: { ...exampleArguments(plugin, tool) },
        safe: method === 'GET' || method === 'HEAD' || method === 'OPTIONS',
        response: response && { ...response },
      }
    },
  }
}
export type Definitions = ReturnType<typeof createDefinitions>
