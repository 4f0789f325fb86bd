import type { JobState, Scopes } from '../../../shared/contracts/gateway.ts'
import type { Currency, Key, KeyFacts, KeyTest, Vendor } from '../../../shared/contracts/keys.ts'
import type { Instance } from '../../../shared/contracts/registry.ts'
import type {
  Decision,
  Feature,
  FeatureRevision,
  FeatureRules,
  ReplaySummary,
  RouteQuestion,
  RouteStandings,
  RouteState,
} from '../../../shared/contracts/routing.ts'
import type { EngineFeature, EngineKey, Health, LastMinute } from '../../features/routing/engine/engine-types.ts'
import type { Ask } from '../../lib/peer.ts'

// What main and the local platform's worker say to each other about keys, routes, tokens and registered services. Main
// keeps all of it; the worker decides and calls, and reports what it did.

/** A key with its secret; only here and in main's memory. */
export interface UsableKey extends Omit<EngineKey, 'endpoint'> {
  readonly baseUrl: string | null
  readonly secret: string
  /** Before the last rotation. */
  readonly former: { readonly secret: string; readonly until: number } | null
}
export interface UsableToken {
  readonly id: string
  readonly name: string
  /** SHA-256 of the token, hexadecimal. */
  readonly hash: string
  readonly scopes: Scopes
  readonly rpm: number | null
  readonly tpm: number | null
  readonly expiresAt: number | null
  /** What came with it before this worker started. */
  readonly minute?: LastMinute | null
}
/** One answered request of the gateway; written once, whatever happens. */
export interface UseRecord {
  readonly id: string
  readonly at: number
  readonly feature: string
  readonly model: string
  readonly keyId: string | null
  readonly vendor: string | null
  /** Id of the gateway token; null for a caller of open local mode. */
  readonly tokenId: string | null
  readonly statusCode: number
  readonly failed: boolean
  readonly inputTokens: number
  readonly outputTokens: number
  readonly images: number
  /** Millionths of the currency. */
  readonly cost: number
  /** Set where the model has no known price: `cost` is 0 then, and nobody knows what it was. */
  readonly unpriced?: true
  readonly currency: Currency
  readonly durationMs: number
  /** Of a streamed answer. */
  readonly firstTokenMs: number | null
}
/** A long job of a vendor, kept before the caller hears of it so that it is never submitted twice. */
export interface Job {
  readonly id: string
  readonly at: number
  readonly feature: string
  readonly model: string
  /** What the vendor calls the model; not there in jobs of earlier versions. */
  readonly vendorModel?: string
  /** Not there in jobs of earlier versions, as the decision that led to it. */
  readonly vendor?: Vendor
  readonly decisionId?: string
  readonly keyId: string
  readonly tokenId: string | null
  /** JSON text of what was asked. */
  readonly request: string
  /** `submitting` is written before the vendor is asked: one that is found so after a crash may or may not exist there. */
  readonly state: JobState
  readonly vendorTaskId: string | null
  /** JSON text; null before the end. */
  readonly result: string | null
  readonly error: string | null
  /** That it failed by the caller's own fault, in the vendor's terms. */
  readonly fault?: { readonly type: string | null; readonly code: string | null }
  readonly updatedAt: number
}

/** Which jobs are listed, the newest first. */
export interface JobQuery {
  /** Older than this time (milliseconds since 1970), or than the job of this id; null for all. */
  readonly before: number | string | null
  readonly limit: number
  /** Null for any. */
  readonly state: JobState | null
  /** Null for those of all callers. */
  readonly tokenId: string | null
}
export interface JobList {
  /** Without what was asked, and without results, which may be large. */
  readonly jobs: readonly Job[]
  /** Of all that are of that state and caller. */
  readonly total: number
}

/** What main asks of the worker. */
export interface GatewayWorkerAsks {
  /** Everything anew after a start, then what changes. */
  readonly keys: Ask<
    {
      readonly reset: boolean
      /** With `reset` alone: there may be keys, but the vault is locked and main cannot open them. */
      readonly locked?: boolean
      readonly upserted: readonly UsableKey[]
      readonly removed: readonly string[]
    },
    void
  >
  readonly features: Ask<readonly EngineFeature[], void>
  readonly tokens: Ask<readonly UsableToken[], void>
  readonly instances: Ask<readonly Instance[], void>
  /** What an earlier worker knew of keys and candidates; before the first request. */
  readonly health: Ask<readonly Health[], void>
  /** Those that an earlier worker left: they have not ended. */
  readonly jobs: Ask<readonly Job[], void>
  /** Fails with KEY_VAULT_LOCKED where there may be keys that cannot be opened now. */
  readonly route: Ask<RouteQuestion, Decision>
  readonly routeState: Ask<{ readonly feature: string }, RouteState>
  readonly routeStandings: Ask<void, RouteStandings>
  /** Of some kept decisions of the feature, which main reads: the worker keeps none. */
  readonly replayRoute: Ask<
    { readonly feature: string; readonly draft: FeatureRules; readonly decisions: readonly Decision[] },
    ReplaySummary
  >
  readonly resetHealth: Ask<{ readonly keyIds: readonly string[] }, void>
  /** The cheapest real call with a key, kept or not. */
  readonly testKey: Ask<Pick<UsableKey, 'vendor' | 'service' | 'baseUrl' | 'secret'>, KeyTest>
}

/** Who asks, as the caller says; recorded in the audit trail. */
interface Named {
  readonly userId: string | null
}
/** What the worker asks of main. */
export interface GatewayAsks {
  /** There is more in the journal, or this is new of keys and tokens. Answered once both are kept. */
  readonly gatewayRecords: Ask<
    {
      /** Of keys and candidates that changed. */
      readonly health: readonly Health[]
      /** The newest failure of a key, as code and words. */
      readonly failures: readonly {
        readonly keyId: string
        readonly at: number
        readonly code: string
        readonly message: string
      }[]
      /** Gateway tokens that were used; `minute` is null for one without such a limit. */
      readonly tokensUsed: readonly { readonly id: string; readonly at: number; readonly minute: LastMinute | null }[]
    },
    void
  >
  readonly saveJob: Ask<Job, void>
  /** Of that caller, or of any. Fails with JOB_NOT_FOUND. */
  readonly jobFind: Ask<{ readonly id: string; readonly tokenId: string | null }, Job>
  readonly jobList: Ask<JobQuery, JobList>

  readonly keyList: Ask<void, readonly Key[]>
  /** Fails as `keys.add` does; `apiKey` is the secret. */
  readonly keyAdd: Ask<Named & { readonly facts: KeyFacts; readonly apiKey: string }, Key>
  /** `apiKey`, the secret, is needed for an address of another origin. */
  readonly keyChange: Ask<
    Named & { readonly id: string; readonly facts: Partial<Omit<KeyFacts, 'vendor'>>; readonly apiKey?: string },
    Key
  >
  readonly keyRemove: Ask<Named & { readonly id: string }, void>
  readonly keyEnable: Ask<Named & { readonly id: string; readonly enabled: boolean; readonly reason: string }, Key>
  readonly keyRotate: Ask<Named & { readonly id: string; readonly apiKey: string; readonly graceHours: number }, Key>
  readonly keyTest: Ask<Named & { readonly id: string }, KeyTest>
  readonly keyReset: Ask<Named & { readonly id: string }, Key>

  readonly featureList: Ask<void, readonly Feature[]>
  /** `revision` is what `If-Match` says; null without one: then the last writer wins. Fails with REVISION_STALE. */
  readonly featureSet: Ask<
    Named & { readonly name: string; readonly revision: number | null; readonly rules: FeatureRules },
    Feature
  >
  readonly featureRemove: Ask<Named & { readonly name: string; readonly revision: number | null }, void>
  readonly featureHistory: Ask<{ readonly name: string }, readonly FeatureRevision[]>
  readonly featureRollback: Ask<Named & { readonly name: string; readonly revision: number }, Feature>

  /** Kept decisions decided anew by rules that are not kept. */
  readonly featureReplay: Ask<{ readonly name: string; readonly draft: FeatureRules }, ReplaySummary>

  readonly instanceRegister: Ask<
    {
      readonly name: string
      readonly url: string
      readonly healthPath: string | null
      readonly version: string | null
      readonly metadata: Readonly<Record<string, string>>
      readonly ttlSeconds: number
    },
    Instance
  >
  readonly instanceHeartbeat: Ask<{ readonly id: string }, Instance>
  readonly instanceRemove: Ask<{ readonly id: string }, void>
  /** The worker's probes and the counts of the proxy. */
  readonly instanceReports: Ask<
    readonly {
      readonly id: string
      readonly probe: { readonly ok: boolean; readonly reason: string | null } | null
      readonly requests: number
      readonly errors: number
    }[],
    void
  >
}
