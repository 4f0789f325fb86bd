import type { Finding, PackageKind, Repair } from '../../../../shared/contracts/plugin-findings.ts'

/** JSON as parsed; schemas are kept as they stand, references inside one document included. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** The files of a package, wherever they are: a folder, a zip, one document. Paths use `/` and never leave the package. */
export interface PackageFiles {
  /** Sorted by path. */
  readonly files: readonly { readonly path: string; readonly size: number }[]
  /** The whole file; AppError PACKAGE_REFUSED when it grows beyond what was listed or cannot be read. */
  read(path: string): Promise<Uint8Array>
  close(): Promise<void>
}

export type ParameterPlace = 'header' | 'path' | 'query' | 'cookie'
export interface Parameter {
  readonly name: string
  readonly place: ParameterPlace
  readonly required: boolean
  readonly description: string
  readonly schema: JsonObject
  /** How a list or an object is written out, where the document says so (OpenAPI's `style` and `explode`). */
  readonly style?: string
  readonly explode?: boolean
}

/** One callable operation, ready to be called: its document was checked and repaired. */
export interface Tool {
  /** Coze's tool_id where there is one, else the operationId. */
  readonly id: string
  readonly operationId: string
  readonly summary: string
  readonly description: string
  /** Upper case. */
  readonly method: string
  /** Path template, e.g. `/users/{id}`. */
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body: {
    readonly mediaType: string
    readonly required: boolean
    readonly schema: JsonObject
    /** The one property that was put around a body that is no object: its value alone is sent. */
    readonly wrapped?: string
  } | null
  /** Schema of the 200 answer, null where none is declared. */
  readonly response: JsonObject | null
  /** The one property that is put around an answer that is no object. */
  readonly responseWrapped?: string
  /** The operation's own server, where it differs from the plugin's. */
  readonly server?: string
  /** Code of the finding that keeps it from being called; null for a callable one. */
  readonly disabled: string | null
  /** Line of the operation in its document. */
  readonly line: number | null
}

export type PluginAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'serviceToken'; readonly name: string; readonly token: string; readonly place: 'header' | 'query' }
  | {
      readonly kind: 'oauth'
      readonly flow: 'authorizationCode' | 'clientCredentials'
      readonly clientId: string
      readonly clientSecret: string
      readonly authorizationUrl: string
      readonly tokenUrl: string
      readonly scope: string
      readonly contentType: string
    }

export type ModelKind = 'chat' | 'embedding' | 'rerank' | 'tts' | 'stt' | 'image'
export interface PluginModel {
  readonly id: string
  readonly kind: ModelKind
  readonly label: string
  readonly deprecated: boolean
}

export interface ConfigurationField {
  readonly name: string
  readonly label: string
  /** The label in Chinese, where the package has one. */
  readonly chineseLabel?: string
  readonly kind: 'text' | 'secret' | 'url' | 'number' | 'boolean' | 'select'
  readonly required: boolean
  readonly default: string | null
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly maxLength: number | null
}

/** One plugin of a package, as an import would make it. */
export interface ReadPlugin {
  readonly kind: PackageKind
  /** Coze's plugin_id, the manifest's id, or a slug of the title. */
  readonly id: string
  readonly name: string
  /** Letters, digits, `_` and `-`; what callers and agents use. */
  readonly nameForModel: string
  /** Semantic version with a leading `v`. */
  readonly version: string
  readonly description: string
  readonly author: string
  readonly license: string
  readonly provider: string
  readonly logo: string
  readonly server: string
  readonly auth: PluginAuth
  readonly commonParameters: Readonly<
    Record<'body' | 'header' | 'query' | 'path', readonly { readonly name: string; readonly value: string }[]>
  >
  readonly tools: readonly Tool[]
  readonly models: readonly PluginModel[]
  readonly configuration: readonly ConfigurationField[]
  /** The OpenAPI document after repair; null for a package without one. */
  readonly document: JsonObject | null
  readonly repairs: readonly Repair[]
  /** Whether anything in it carries a signature that was checked. */
  readonly signature: 'none' | 'valid' | 'invalid'
}

/** What a package holds. It is never empty-handed: a package that cannot be read at all has findings and no plugins. */
export interface ReadPackage {
  readonly kind: PackageKind | null
  readonly plugins: readonly ReadPlugin[]
  readonly findings: readonly Finding[]
}

/** The same, with what identifies each file. */
export interface HashedFiles extends PackageFiles {
  /** SHA-256 of the file, in hex. */
  hash(path: string): Promise<string>
}

/** Files of a place on the disk: a large one need not be held in memory to copy it. */
export interface StreamedFiles extends HashedFiles {
  /** The file's bytes, a chunk at a time; AppError PACKAGE_REFUSED as for `read`. */
  chunks(path: string): AsyncIterable<Uint8Array>
}

/** What opening a folder, a zip or a file answers; `files` is null where it was refused, and then a finding says why. */
export interface OpenedFiles {
  readonly files: StreamedFiles | null
  readonly findings: readonly Finding[]
}

/** A reader of one kind of package. `strict` applies upstream's rules unchanged: what would be repaired is an error. */
export interface ReadOptions {
  readonly strict: boolean
}

/** Limits of what is read from outside. */
export const limits = {
  entries: 10_000,
  unpackedBytes: 500 * 1024 * 1024,
  ratio: 100,
  documentBytes: 20 * 1024 * 1024,
  /** Of all documents of a package, each counted as often as it is read. */
  readBytes: 100 * 1024 * 1024,
  /** Levels of nesting in one document. */
  depth: 200,
  /** Nodes that aliases of one YAML document may unfold to. */
  aliases: 10_000,
  findings: 1000,
} as const
