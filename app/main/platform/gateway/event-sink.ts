/** Where a stream goes, of events or of sound: the response to a caller, or a reader within this process. */
export interface EventSink {
  /** False where there is no room for more until `drain`. */
  write(piece: Buffer): boolean
  once(event: 'drain', listener: () => void): unknown
  /** Ends it at once; what was written and not yet read is lost. */
  destroy(): unknown
}
