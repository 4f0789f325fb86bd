import { AppError } from '../../../../shared/errors.ts'
import type { Json } from '../packages/package-types.ts'
import { createBudget } from './budget.ts'
import { assertConfigured, type BuiltRequest, buildRequest, callableTool, serverOf } from './build-request.ts'
import type {
  CallArguments,
  CallablePlugin,
  CallOutcome,
  CallPolicy,
  CallRequest,
  KeepTokens,
  LoadedPlugin,
} from './call-types.ts'
import type { Resolver } from './guard.ts'
import type { Definitions } from './load-plugin.ts'
import { exchangeOf, secretsOf, urlShown } from './mask-call.ts'
import { createOAuth } from './oauth.ts'
import { createSender, type Incoming } from './send.ts'
import { shapeResponse } from './shape-response.ts'

const TIME_LIMIT_MS = 30_000

export interface CallOptions {
  /** Calls a version that is not in use. */
  readonly anyState?: boolean
}
/** A call before it is sent, for those who write it down; secrets are placeholders. */
export interface PreparedCall {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly bodyKind: 'json' | 'form' | 'text' | 'multipart' | 'binary' | null
  readonly files: readonly { readonly field: string; readonly filename: string; readonly mediaType: string }[]
}

/** Calls tools of plugins. What can go wrong at the other end, or with the arguments, is an outcome; only bugs are thrown. */
export function createCaller(options: {
  readonly policy: () => CallPolicy
  readonly definitions: Definitions
  readonly keepTokens: KeepTokens
  /** In place of the system's look-up of names. */
  readonly resolver?: Resolver
  readonly clock?: () => number
}) {
  const { definitions } = options
  const sender = createSender(options)
  const oauth = createOAuth(options)

  function assertCallable(plugin: CallablePlugin, { anyState = false }: CallOptions): void {
    if (plugin.state !== 'active' && !anyState) throw new AppError('PLUGIN_NOT_ACTIVE', { name: plugin.name })
  }

  async function call(
    row: CallablePlugin,
    operation: string,
    request: CallRequest,
    how: CallOptions = {},
  ): Promise<CallOutcome> {
    const begun = performance.now()
    let plugin: LoadedPlugin | null = null
    let built: BuiltRequest | null = null
    let answer: Incoming | null = null
    let token: string | null = null
    let failure: AppError | null = null
    let data: Json = null
    try {
      assertCallable(row, how)
      plugin = await definitions.load(row)
      const compiled = callableTool(plugin, operation)
      assertConfigured(plugin)
      built = buildRequest(plugin, compiled, request.arguments)
      const budget = createBudget(request.timeLimitMs ?? TIME_LIMIT_MS, built.url.host, request.signal)
      try {
        if (budget.failure) throw budget.failure
        token = await signedIn(budget, oauth.accessToken(plugin))
        answer = await sender.send(outgoing(built, token), budget)
        if (answer.status === 401 && token !== null) {
          // Taken back before its time: once more with another.
          const next = await signedIn(budget, oauth.accessToken(plugin, token))
          if (next !== token) {
            token = next
            const again = await sender.send(outgoing(built, token), budget)
            answer = { ...again, attempts: answer.attempts + again.attempts }
          }
        }
      } finally {
        budget.done()
      }
      data = shapeResponse(compiled, answer.headers, answer.body)
      const { status } = answer
      if (status < 200 || status > 299) failure = new AppError('UPSTREAM_FAILED', { host: built.url.host, status })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      failure = error
    }
    const secrets = plugin && built ? secretsOf(plugin, token) : []
    return {
      requestId: request.requestId,
      ok: failure === null,
      method: built?.method ?? '',
      url: plugin && built ? urlShown(plugin, built, secrets) : '',
      statusCode: answer?.status ?? null,
      data,
      failure: failure && { code: failure.code, details: failure.details },
      exchange: request.withExchange && plugin && built ? exchangeOf(plugin, built, answer, secrets) : null,
      dropped: built?.dropped ?? [],
      attempts: answer?.attempts ?? 0,
      durationMs: performance.now() - begun,
      firstByteMs: answer ? answer.firstByteAt - begun : null,
    }
  }

  return {
    call,
    /** The call as it would be sent, with placeholders for secrets; fails as the call would before it is sent. */
    async prepare(row: CallablePlugin, operation: string, given: CallArguments): Promise<PreparedCall> {
      const plugin = await definitions.load(row)
      const compiled = callableTool(plugin, operation)
      const { auth } = plugin.definition
      const { server = '' } = plugin.configuration
      const open: LoadedPlugin = {
        ...plugin,
        configuration: { ...(server && { server }), service_token: '<service_token>' },
        definition:
          auth.kind === 'serviceToken' ? { ...plugin.definition, auth: { ...auth, token: '' } } : plugin.definition,
      }
      const { method, url, headers, body } = buildRequest(open, compiled, given)
      const shownHeaders: Record<string, string> =
        auth.kind === 'oauth' ? { ...headers, authorization: 'Bearer <access_token>' } : { ...headers }
      if (body?.kind === 'multipart') delete shownHeaders['content-type']
      return {
        ...{ method, url: url.href.replaceAll('%3Cservice_token%3E', '<service_token>'), headers: shownHeaders },
        body: body && (typeof body.content === 'string' ? body.content : body.kind === 'multipart' ? body.shown : null),
        ...{ bodyKind: body?.kind ?? null, files: body?.files ?? [] },
      }
    },
    /** Where a tool is called; empty where nobody gave an address. */
    serverOf,
    beginSignIn: oauth.beginSignIn,
    finishSignIn: oauth.finishSignIn,
    stop: async (): Promise<void> => {
      await sender.stop()
      await oauth.stop()
    },
  }
}
export type Caller = ReturnType<typeof createCaller>

const outgoing = ({ method, url, headers, body }: BuiltRequest, token: string | null) => ({
  ...{ method, url, body: body?.content ?? null },
  headers: token === null ? headers : { ...headers, authorization: `Bearer ${token}` },
})

/** Waiting for a token is part of the call's time. */
function signedIn(budget: ReturnType<typeof createBudget>, token: Promise<string | null>): Promise<string | null> {
  return new Promise((resolve, reject) => {
    budget.listen(reject)
    const over = (settle: () => void) => {
      // Before anything else of the call listens.
      budget.listen(null)
      settle()
    }
    token.then(
      (value) => over(() => resolve(value)),
      (error) => over(() => reject(error)),
    )
  })
}
