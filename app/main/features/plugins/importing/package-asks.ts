import type { ToolSummary } from '../../../../shared/contracts/plugin-calls.ts'
import type { Finding, PackageKind } from '../../../../shared/contracts/plugin-findings.ts'
import type { Ask } from '../../../lib/peer.ts'
import type { BackupRows } from '../backup/backup-format.ts'
import type { VersionFacts } from '../version-facts.ts'

/** One file as it lies in the package's folder now. */
export interface TakenFile {
  readonly path: string
  readonly size: number
  readonly sha256: string
}
export interface TakenPlugin {
  readonly id: string
  /** Place in the package: its definition is `definitions/<number>.json`. */
  readonly number: number
  readonly contentHash: string
  readonly facts: VersionFacts
  readonly tools: readonly ToolSummary[]
}
/** What a package came to. `files` and `plugins` are empty where it could not be read, and findings say why. */
export interface TakenPackage {
  readonly kind: PackageKind | null
  readonly sha256: string
  readonly files: readonly TakenFile[]
  readonly plugins: readonly TakenPlugin[]
  readonly findings: readonly Finding[]
}
export interface Progress {
  readonly done: number
  readonly total: number
}

/** What the thread that reads packages can be asked. Paths are absolute and ours; what lies there is hostile. */
export interface PackageAsks {
  /** Copies or unpacks what lies at `path` into the folder `target`, reads it, and writes what it understood beside it. */
  readonly take: Ask<{ readonly path: string; readonly target: string }, TakenPackage, Progress>
  readonly lines: Ask<
    { readonly file: string; readonly from: number; readonly count: number },
    { readonly lines: string[]; readonly total: number }
  >
  /** Unpacks a plugin backup into `target`, every file checked; answers its rows. */
  readonly openBackup: Ask<{ readonly path: string; readonly target: string }, BackupRows, Progress>
}
/** What that thread asks of main. */
export interface PackageReports {
  readonly failed: Ask<{ readonly name: string; readonly stack: string }, void>
}
