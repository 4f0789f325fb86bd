import type { PackageKind } from '../../../../shared/contracts/plugin-findings.ts'
import type { ErrorCode, ErrorDetails } from '../../../../shared/errors.ts'
import type { Json, ReadPlugin } from '../packages/package-types.ts'

/** What OAuth handed out; times are Unix milliseconds. */
export interface OAuthTokens {
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly obtainedAt: number
  /** Null where the server did not say; it is then used until it is refused. */
  readonly expiresAt: number | null
}

/** A plugin as it is called: which definition, with which values. Secrets are in clear; it never leaves this process. */
export interface CallablePlugin {
  readonly id: string
  readonly name: string
  readonly nameForModel: string
  readonly kind: PackageKind
  /** Row id of the version; the definition of one never changes. */
  readonly versionId: number
  readonly version: string
  readonly state: 'active' | 'disabled' | 'waiting' | 'error'
  /** Absolute path of the JSON of its `ReadPlugin`. */
  readonly definitionFile: string
  /** Filled-in configuration fields by name, secrets among them. */
  readonly configuration: Readonly<Record<string, string>>
  readonly tokens: OAuthTokens | null
  /** It has secrets, and the vault that holds them is locked: they are missing above. */
  readonly locked?: boolean
  /** Whether arguments and answers of its calls are kept for replay. */
  readonly recording: boolean
}
/** The same with its definition read. */
export interface LoadedPlugin extends CallablePlugin {
  readonly definition: ReadPlugin
}

/** Which addresses a plugin may call. Link-local, metadata and unspecified addresses are refused whatever this says. */
export interface CallPolicy {
  readonly allowLoopback: boolean
  readonly allowPrivate: boolean
}

export type CallArguments = { readonly [name: string]: Json }

export interface CallRequest {
  readonly requestId: string
  readonly arguments: CallArguments
  /** Milliseconds for the whole call, retries included; 30,000 unless given. */
  readonly timeLimitMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /**
   * Whether people are shown the outcome: it tells what went out and came back, and secrets of the plugin that came back
   * in the answer are masked. It costs time that a call for a program need not pay.
   */
  readonly withExchange?: boolean
}

/** What went out and came back, as a person may see it: secrets are masked, bodies cut. */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>>
  /** Text of the body; null without one. A file is told by its name and size. */
  readonly requestBody: string | null
  /** Null when no answer came. */
  readonly status: number | null
  readonly responseHeaders: Readonly<Record<string, string>>
  /** Bytes of the answer's body as received, before decompression is undone where known. */
  readonly responseBytes: number
}

/** How a call ended. A refused call and one that failed at the other end are both outcomes, not exceptions. */
export interface CallOutcome {
  readonly requestId: string
  readonly ok: boolean
  /** Empty, like `url`, for a call that was refused before there was a request. */
  readonly method: string
  /** Secrets masked. */
  readonly url: string
  /** Null when no answer came; there when one began and did not come whole. */
  readonly statusCode: number | null
  /** The shaped answer: parsed JSON, or `{ text }` or `{ base64, mediaType }` for other bodies; null when nothing came. */
  readonly data: Json
  readonly failure: { readonly code: ErrorCode; readonly details: ErrorDetails } | null
  readonly exchange: Exchange | null
  /** Arguments that the tool does not take; they were not sent. */
  readonly dropped: readonly string[]
  /** How often it was sent, redirects included, whether or not an answer came. */
  readonly attempts: number
  readonly durationMs: number
  /** Milliseconds until the answer's first byte; null when none came. */
  readonly firstByteMs: number | null
}

/** Tells main that new tokens were handed out, so that they are sealed and kept. */
export type KeepTokens = (pluginId: string, tokens: OAuthTokens) => void
