import type { Capabilities, Saved } from '../../shared/contracts/host.ts'
import type { Notice } from '../../shared/contracts/notices.ts'

/** What main needs from the host it runs in. Electron, the browser host and the CLI each provide one. */
export interface Host {
  readonly kind: 'electron' | 'browser' | 'cli'
  readonly capabilities: Capabilities
  /** Lets the operator keep a file: a save dialog, or a one-time download. The source is read only once somebody takes it. */
  saveFile(name: string, contentType: string, source: () => AsyncIterable<Uint8Array>): Promise<Saved>
  /** A notification of the operating system; does nothing where there is none. `route` is the page a click opens. */
  notify(notification: { readonly title: string; readonly body: string; readonly route: string }): void
  /** Fails with NOT_SUPPORTED where the capability is false. */
  setStartAtLogin(on: boolean): void
  /** Only where the console is used in a browser: an address that signs one browser in, once. */
  signInAddress?(): string
}

/** Puts a notice on the operator's list; one of the same code and details is not repeated. */
export type Notify = (notice: Pick<Notice, 'severity' | 'code' | 'details'>) => void
