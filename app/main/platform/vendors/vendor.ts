import type { Vendor as VendorName } from '../../../shared/contracts/keys.ts'
import type { Json } from '../../features/plugins/packages/package-types.ts'
import type { FailureKind } from '../../features/routing/engine/engine-types.ts'

/** What a vendor can be asked; requests and answers are in OpenAI's shape on our side, whatever the vendor speaks. */
export type VendorCall = 'chat' | 'embeddings' | 'images' | 'rerank' | 'speech' | 'transcription'

export interface Access {
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly secret: string
}
export interface VendorRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON text, or the bytes of a form; null without one. */
  readonly body: string | Buffer<ArrayBuffer> | null
}
export interface Use {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly images: number
}
export interface VendorFailure {
  readonly kind: FailureKind
  readonly retryAfterMs: number | null
  /** In the vendor's words, bounded, without secrets. */
  readonly message: string
  readonly type: string | null
  readonly code: string | null
}

/** A task that the vendor works on while we ask how it stands. */
export interface VendorTask {
  submit(access: Access, model: string, body: { readonly [name: string]: Json }): VendorRequest
  /** The task's id in the vendor's answer to `submit`; null where it answered the result itself. */
  taskId(answer: Json): string | null
  poll(access: Access, taskId: string): VendorRequest
  /** How it stands; `result` is in OpenAI's shape, with the failures of single images beside those that came. */
  state(
    answer: Json,
  ):
    | { readonly kind: 'running' }
    | { readonly kind: 'succeeded'; readonly result: Json; readonly use: Use }
    | { readonly kind: 'failed'; readonly failure: VendorFailure }
}

/** One vendor: where it answers, how it is asked, what its answers mean. No state, no network. */
export interface Vendor {
  readonly name: VendorName
  /** Null where the key must say. */
  readonly baseUrl: string | null
  readonly calls: readonly VendorCall[]
  listModels(access: Access): VendorRequest
  modelIds(answer: Json): readonly string[] | null
  /** `body` has the vendor's model already where the vendor wants it in the body. */
  request(call: VendorCall, access: Access, model: string, body: { readonly [name: string]: Json }): VendorRequest
  /** Answers that are not OpenAI's already are put into its shape. */
  answer(call: VendorCall, answer: Json): Json
  use(call: VendorCall, answer: Json): Use
  /** What an answer outside 200–299 means. `body` is its text, at most 64 KB. */
  failure(status: number, headers: Readonly<Record<string, string | string[] | undefined>>, body: string): VendorFailure
  /** Images that are worked on asynchronously; null where a model answers at once. */
  task(model: string): VendorTask | null
}
