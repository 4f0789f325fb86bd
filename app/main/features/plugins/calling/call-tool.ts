import { AppError } from '../../../../shared/errors.ts'
import type { Json, Tool } from '../packages/package-types.ts'
import { type Budget, createBudget } from './budget.ts'
import { type BuiltRequest, buildRequest, callableTool } from './build-request.ts'
import type {
  CallArguments,
  CallablePlugin,
  CallOutcome,
  CallPolicy,
  CallRequest,
  KeepTokens,
  LoadedPlugin,
} from './call-types.ts'
import type { CompiledTool } from './compile-tool.ts'
import type { Resolver } from './guard.ts'
import type { Definitions } from './load-plugin.ts'
import { exchangeOf, maskData, secretsOf, urlShown } from './mask-call.ts'
import { createOAuth } from './oauth.ts'
import { assertConfigured, baseOf, isComplete } from './plugin-facts.ts'
import { type PreparedCall, prepareCall } from './prepare-call.ts'
import { createSender, type Incoming } from './send.ts'
import { shapeResponse } from './shape-response.ts'

const TIME_LIMIT_MS = 30_000

export interface CallOptions {
  /** Calls a version that is not in use. */
  readonly anyState?: boolean
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
    let budget: Budget | null = null
    let answer: Incoming | null = null
    let token: string | null = null
    let failure: AppError | null = null
    try {
      assertCallable(row, how)
      plugin = await definitions.load(row)
      const compiled = callableTool(plugin, operation)
      assertConfigured(plugin, compiled.authMode)
      built = builtFor(plugin, compiled, request.arguments)
      budget = createBudget(request.timeLimitMs ?? TIME_LIMIT_MS, built.url.host, request.signal)
      if (budget.failure) throw budget.failure
      if (plugin.definition.auth.kind === 'oauth') token = await accessToken(budget, plugin, compiled)
      answer = await sender.send(outgoing(built, token), budget)
      if (answer.status === 401 && token !== null) {
        // Taken back before its time: once more with another.
        const next = await accessToken(budget, plugin, compiled, token)
        if (next !== null && next !== token) {
          token = next
          answer = null
          answer = await sender.send(outgoing(built, token), budget)
        }
      }
      const { status } = answer
      if (status < 200 || status > 299) failure = new AppError('UPSTREAM_FAILED', { host: built.url.host, status })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      failure = error
    } finally {
      budget?.done()
    }
    const secrets = plugin && built ? secretsOf(plugin, token) : []
    const progress = budget?.progress
    return {
      requestId: request.requestId,
      ok: failure === null,
      method: built?.method ?? '',
      url: plugin && built ? urlShown(plugin, built, secrets) : '',
      statusCode: progress?.status ?? null,
      // A program goes on with what was answered; people are shown it.
      data: built && answer ? dataOf(built, answer, request.withExchange ? secrets : []) : null,
      failure: failure && { code: failure.code, details: failure.details },
      exchange: request.withExchange && plugin && built ? exchangeOf(plugin, built, token, answer, secrets) : null,
      dropped: built?.dropped ?? [],
      attempts: progress?.attempts ?? 0,
      durationMs: performance.now() - begun,
      firstByteMs: progress?.firstByteAt ? progress.firstByteAt - begun : null,
    }
  }

  /** Null where the tool is called without. Waiting for a token is part of the call's time. */
  async function accessToken(
    budget: Budget,
    plugin: LoadedPlugin,
    { authMode }: CompiledTool,
    refused: string | null = null,
  ): Promise<string | null> {
    if (authMode === 'disabled') return null
    const isOpen = authMode === 'supported'
    if (isOpen && !isComplete(plugin)) return null
    try {
      return await within(budget, oauth.accessToken(plugin, refused))
    } catch (error) {
      if (isOpen && error instanceof AppError && error.code === 'OAUTH_SIGN_IN_NEEDED') return null
      throw error
    }
  }

  return {
    call,
    /** The call as it would be sent, with placeholders for secrets; fails as the call would before it is sent. */
    async prepare(row: CallablePlugin, operation: string, given: CallArguments): Promise<PreparedCall> {
      const plugin = await definitions.load(row)
      return prepareCall(plugin, callableTool(plugin, operation), given)
    },
    /** Where a tool is called; fails with PLUGIN_NOT_CONFIGURED where nobody gave an address. */
    serverOf: (plugin: LoadedPlugin, tool: Tool): string => baseOf(plugin, tool).text,
    beginSignIn: oauth.beginSignIn,
    finishSignIn: oauth.finishSignIn,
    stop: async (): Promise<void> => {
      await sender.stop()
      await oauth.stop()
    },
  }
}
export type Caller = ReturnType<typeof createCaller>

function builtFor(plugin: LoadedPlugin, compiled: CompiledTool, given: CallArguments): BuiltRequest {
  try {
    return buildRequest(plugin, compiled, given)
  } catch (error) {
    // Of the stack: they are written out level by level.
    if (!(error instanceof RangeError)) throw error
    throw new AppError('ARGUMENT_INVALID', { name: compiled.tool.operationId, reason: 'it is nested too deeply' })
  }
}

function dataOf({ tool }: BuiltRequest, { status, headers, body }: Incoming, secrets: readonly string[]): Json {
  const succeeded = status >= 200 && status <= 299
  return maskData(shapeResponse(succeeded ? tool : null, headers, body), body, secrets)
}

const outgoing = ({ method, url, headers, body }: BuiltRequest, token: string | null) => ({
  ...{ method, url, body: body?.content ?? null },
  headers: token === null ? headers : { ...headers, authorization: `Bearer ${token}` },
})

function within(budget: Budget, token: Promise<string | null>): Promise<string | null> {
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
