/** A two-way pipe of text frames. Electron IPC, a WebSocket and a local socket each provide one; nothing above knows which. */
export interface Link {
  send(frame: string): void
  onFrame(listener: (frame: string) => void): void
  onClose(listener: () => void): void
}
