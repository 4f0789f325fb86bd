import type { ToolSummary } from '../../../shared/contracts/plugin-calls.ts'
import type { PackageKind } from '../../../shared/contracts/plugin-findings.ts'
import type { PackageSource } from '../../../shared/contracts/plugins.ts'
import type { Db, Value } from '../../db/db.ts'
import type { TakenFile } from './importing/package-asks.ts'
import type { VersionFacts } from './version-facts.ts'

export interface PackageRow {
  readonly id: string
  readonly sha256: string
  readonly kind: PackageKind
  /** Name of the file or folder as it came. */
  readonly name: string
  readonly source: PackageSource
  readonly broughtBy: string
  readonly broughtAt: number
  readonly sizeBytes: number
  readonly fileCount: number
}
export interface VersionRow {
  readonly versionId: number
  readonly pluginId: string
  readonly packageId: string
  readonly number: number
  readonly contentHash: string
  readonly foreign: boolean
  readonly activatedAt: number | null
  readonly facts: VersionFacts
}
export interface PluginRow {
  readonly id: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly activeVersion: number | null
  readonly disabled: boolean
  readonly recording: boolean
  readonly removedAt: number | null
  /** Sealed JSON of the OAuth tokens. */
  readonly tokens: string | null
}
/** A configured value; a sealed one is what the data key made of it. */
export interface StoredValue {
  readonly value: string
  readonly sealed: boolean
}

type Raw = { readonly [column: string]: Value }

const pluginColumns = `id, created_at AS createdAt, updated_at AS updatedAt, active_version AS activeVersion, disabled,
  recording, removed_at AS removedAt, tokens`
const versionColumns = `v.id AS versionId, v.plugin_id AS pluginId, v.package_id AS packageId, v.number,
  v.content_hash AS contentHash, v.is_foreign AS isForeign, v.activated_at AS activatedAt, v.facts`
const packageColumns = `id, sha256, kind, name, source, brought_by AS broughtBy, brought_at AS broughtAt,
  size_bytes AS sizeBytes, file_count AS fileCount`

const pluginOf = (raw: Raw): PluginRow =>
  ({ ...raw, disabled: raw['disabled'] === 1, recording: raw['recording'] === 1 }) as unknown as PluginRow
const versionOf = ({ isForeign, facts, ...raw }: Raw): VersionRow =>
  ({ ...raw, foreign: isForeign === 1, facts: JSON.parse(String(facts)) }) as unknown as VersionRow

/** Narrows to one plugin where one is given; an "or" over both cases would keep SQLite from using its indexes. */
const only = (column: string, id: string | undefined) => (id === undefined ? '' : `${column} = ?`)

/** The tables of plugins, packages and versions; which rows belong together is the caller's to know. */
export function pluginRows(db: Db) {
  return {
    plugins: (): PluginRow[] =>
      db.all<Raw>(`SELECT ${pluginColumns} FROM plugins ORDER BY created_at, id`).map(pluginOf),
    plugin(id: string): PluginRow | null {
      const raw = db.get<Raw>(`SELECT ${pluginColumns} FROM plugins WHERE id = ?`, id)
      return raw ? pluginOf(raw) : null
    },
    addPlugin(id: string, at: number): void {
      db.run('INSERT INTO plugins (id, created_at, updated_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', id, at, at)
    },
    changePlugin(id: string, at: number, change: Partial<Omit<PluginRow, 'id' | 'createdAt' | 'updatedAt'>>): void {
      const set = (column: string, value: Value | boolean | undefined) => {
        if (value === undefined) return
        db.run(`UPDATE plugins SET ${column} = ? WHERE id = ?`, typeof value === 'boolean' ? Number(value) : value, id)
      }
      set('active_version', change.activeVersion)
      set('disabled', change.disabled)
      set('recording', change.recording)
      set('removed_at', change.removedAt)
      set('tokens', change.tokens)
      set('updated_at', at)
    },
    /** Its versions, values and calls go with it. */
    dropPlugin: (id: string) => void db.run('DELETE FROM plugins WHERE id = ?', id),

    /** What is shown of each plugin: the version in use, else the newest. */
    shownVersions: (id?: string): VersionRow[] =>
      db
        .all<Raw>(
          `SELECT ${versionColumns} FROM plugins p JOIN plugin_versions v ON v.id = coalesce(
             p.active_version, (SELECT max(id) FROM plugin_versions WHERE plugin_id = p.id)) ${only('WHERE p.id', id)}`,
          ...(id === undefined ? [] : [id]),
        )
        .map(versionOf),
    /** The newest version of each plugin that was never activated and is newer than the one in use. */
    waitingVersions(id?: string): Map<string, number> {
      const rows = db.all<{ pluginId: string; newest: number }>(
        `SELECT v.plugin_id AS pluginId, max(v.id) AS newest FROM plugin_versions v JOIN plugins p ON p.id = v.plugin_id
         WHERE v.activated_at IS NULL AND v.id > p.active_version ${only('AND p.id', id)} GROUP BY v.plugin_id`,
        ...(id === undefined ? [] : [id]),
      )
      return new Map(rows.map(({ pluginId, newest }) => [pluginId, newest]))
    },
    /** Newest first. */
    versions: (pluginId: string): VersionRow[] =>
      db
        .all<Raw>(`SELECT ${versionColumns} FROM plugin_versions v WHERE v.plugin_id = ? ORDER BY v.id DESC`, pluginId)
        .map(versionOf),
    version(pluginId: string, versionId: number): VersionRow | null {
      const raw = db.get<Raw>(
        `SELECT ${versionColumns} FROM plugin_versions v WHERE v.plugin_id = ? AND v.id = ?`,
        pluginId,
        versionId,
      )
      return raw ? versionOf(raw) : null
    },
    addVersion(version: Omit<VersionRow, 'versionId'>, tools: readonly ToolSummary[]): number {
      const { pluginId, packageId, number, contentHash, foreign, activatedAt, facts } = version
      const { id } = db.get<{ id: number }>(
        `INSERT INTO plugin_versions (plugin_id, package_id, number, content_hash, is_foreign, activated_at, facts)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
        ...[pluginId, packageId, number, contentHash, Number(foreign), activatedAt, JSON.stringify(facts)],
      )!
      for (const [position, tool] of tools.entries()) {
        const { operationId, summary, method, path, disabled } = tool
        db.run(
          `INSERT INTO plugin_tools (version_id, position, id, operation_id, summary, method, path, disabled, words)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          ...[id, position, tool.id, operationId, summary, method, path, disabled],
          `${operationId} ${path} ${summary} ${facts.name}`.toLowerCase(),
        )
      }
      return id
    },
    activated: (versionId: number, at: number) =>
      void db.run('UPDATE plugin_versions SET activated_at = ? WHERE id = ?', at, versionId),
    dropVersion: (versionId: number) => void db.run('DELETE FROM plugin_versions WHERE id = ?', versionId),

    tools: (versionId: number, most: number): ToolSummary[] =>
      db.all<ToolSummary>(
        `SELECT id, operation_id AS operationId, summary, method, path, disabled FROM plugin_tools
         WHERE version_id = ? ORDER BY position LIMIT ?`,
        versionId,
        most,
      ),

    packages: (): PackageRow[] =>
      db.all<PackageRow>(`SELECT ${packageColumns} FROM plugin_packages ORDER BY brought_at, id`),
    package: (id: string): PackageRow =>
      db.get<PackageRow>(`SELECT ${packageColumns} FROM plugin_packages WHERE id = ?`, id)!,
    /** Those of the same files, newest first. */
    packagesOf: (sha256: string): PackageRow[] =>
      db.all<PackageRow>(
        `SELECT ${packageColumns} FROM plugin_packages WHERE sha256 = ? ORDER BY brought_at DESC`,
        sha256,
      ),
    versionsOfPackage: (packageId: string): VersionRow[] =>
      db
        .all<Raw>(`SELECT ${versionColumns} FROM plugin_versions v WHERE v.package_id = ? ORDER BY v.number`, packageId)
        .map(versionOf),
    addPackage(row: PackageRow, files: readonly TakenFile[]): void {
      db.run(
        `INSERT INTO plugin_packages (id, sha256, kind, name, source, brought_by, brought_at, size_bytes, file_count)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[row.id, row.sha256, row.kind, row.name, row.source, row.broughtBy, row.broughtAt],
        ...[row.sizeBytes, row.fileCount],
      )
      const sql = 'INSERT INTO plugin_files (package_id, path, size, sha256) VALUES (?, ?, ?, ?)'
      for (const { path, size, sha256 } of files) db.run(sql, row.id, path, size, sha256)
    },
    files: (packageId: string): TakenFile[] =>
      db.all<TakenFile>('SELECT path, size, sha256 FROM plugin_files WHERE package_id = ? ORDER BY path', packageId),
    hasFile: (packageId: string, path: string): boolean =>
      db.get('SELECT 1 FROM plugin_files WHERE package_id = ? AND path = ?', packageId, path) !== undefined,
    /** Takes out packages that no version is of; answers their ids, whose folders can go once that is written. */
    dropUnusedPackages: (): string[] =>
      db
        .all<{ id: string }>(
          `DELETE FROM plugin_packages WHERE NOT EXISTS
             (SELECT 1 FROM plugin_versions v WHERE v.package_id = plugin_packages.id) RETURNING id`,
        )
        .map(({ id }) => id),

    /** All configured values by plugin and field. */
    values(id?: string): Map<string, Map<string, StoredValue>> {
      const found = new Map<string, Map<string, StoredValue>>()
      const rows = db.all<{ pluginId: string; field: string; value: string; sealed: number }>(
        `SELECT plugin_id AS pluginId, field, value, sealed FROM plugin_configuration ${only('WHERE plugin_id', id)}`,
        ...(id === undefined ? [] : [id]),
      )
      for (const { pluginId, field, value, sealed } of rows) {
        const own = found.get(pluginId) ?? new Map<string, StoredValue>()
        found.set(pluginId, own.set(field, { value, sealed: sealed === 1 }))
      }
      return found
    },
    setValue(id: string, field: string, stored: StoredValue | null): void {
      if (stored === null) db.run('DELETE FROM plugin_configuration WHERE plugin_id = ? AND field = ?', id, field)
      else {
        db.run(
          'INSERT OR REPLACE INTO plugin_configuration (plugin_id, field, value, sealed) VALUES (?, ?, ?, ?)',
          ...[id, field, stored.value, Number(stored.sealed)],
        )
      }
    },
    report<T>(id: string, which: 'last_test' | 'last_replay'): T | null {
      const row = db.get<{ report: string | null }>(`SELECT ${which} AS report FROM plugins WHERE id = ?`, id)
      return row?.report ? (JSON.parse(row.report) as T) : null
    },
    setReport: (id: string, which: 'last_test' | 'last_replay', report: unknown) =>
      void db.run(`UPDATE plugins SET ${which} = ? WHERE id = ?`, JSON.stringify(report), id),
  }
}
export type PluginRows = ReturnType<typeof pluginRows>
