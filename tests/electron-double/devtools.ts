import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// biome-ignore lint/suspicious/noExplicitAny: Chromium's answers and events are read where they are used
export type Answer = any

interface Waiting {
  readonly method: string
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** One page of Chromium. */
export interface DevToolsSession {
  readonly events: EventEmitter<Record<string, [Answer]>>
  send(method: string, params?: object): Promise<Answer>
}

/** The connection to Chromium's DevTools. */
class DevTools {
  readonly events = new EventEmitter<Record<string, [Answer]>>()
  readonly #waiting = new Map<number, Waiting>()
  readonly #sessions = new Map<string, EventEmitter<Record<string, [Answer]>>>()
  #socket: WebSocket | undefined
  #lastId = 0

  async open(url: string): Promise<void> {
    const socket = new WebSocket(url)
    this.#socket = socket
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve()
      socket.onerror = () => reject(new Error('cannot reach Chromium'))
    })
    socket.onmessage = ({ data }) => this.#received(JSON.parse(String(data)))
    socket.onclose = () => this.events.emit('closed', {})
  }
  #received(message: Answer): void {
    if (message.id === undefined) {
      const to = message.sessionId ? this.#sessions.get(message.sessionId) : this.events
      to?.emit(message.method, message.params)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`))
    else waiting?.resolve(message.result)
  }
  send(method: string, params: object = {}, sessionId?: string): Promise<Answer> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject })
      this.#socket?.send(JSON.stringify({ id, method, params, sessionId }))
    })
  }
  async attach(targetId: string): Promise<DevToolsSession> {
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true })
    const events = new EventEmitter<Record<string, [Answer]>>()
    this.#sessions.set(sessionId, events)
    return { events, send: (method, params) => this.send(method, params, sessionId) }
  }
}

export const devTools = new DevTools()
export let chromium: ChildProcess | undefined

/** What goes wrong here goes wrong for the test: it is printed, and the test fails on what it waits for. */
export const complain = (error: unknown): void => console.error('electron double:', error)

/** Starts the browser that draws the pages and connects to it; it ends with this process, and this process with it. */
export async function startChromium(port: string | null, onEnd: (code: number) => void): Promise<void> {
  const program = process.env['ELECTRON_DOUBLE_CHROMIUM']
  if (!program) throw new Error('ELECTRON_DOUBLE_CHROMIUM does not name a browser')
  const profile = mkdtempSync(join(tmpdir(), 'electron-double-'))
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-extensions',
    '--disable-features=HttpsUpgrades,PaintHolding',
    '--password-store=basic',
    '--no-startup-window',
    `--remote-debugging-port=${port ?? 0}`,
    `--user-data-dir=${profile}`,
  ]
  // The pipe (file descriptors 3 and 4) is never used: Chromium ends when it closes, so also when this process is killed.
  const child = spawn(program, ['--remote-debugging-pipe', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  })
  chromium = child
  process.on('exit', () => {
    child.kill('SIGKILL')
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stderr?.on('data', (chunk) => {
      text += chunk
      const found = /DevTools listening on (ws:\/\/\S+)/.exec(text)
      if (found) resolve(found[1]!)
    })
    child.on('exit', (code) => reject(new Error(`Chromium ended with ${code}: ${text.slice(-400)}`)))
    child.on('error', reject)
  })
  await devTools.open(url)
  devTools.events.on('closed', () => onEnd(0))
  await devTools.send('Target.setDiscoverTargets', { discover: true })
  const { product } = await devTools.send('Browser.getVersion')
  Object.assign(process.versions, { electron: '0.0.0-double', chrome: product.split('/')[1] })
  if (port !== null) process.stderr.write(`\nDevTools listening on ${url}\n`) // the other line Playwright waits for
}
