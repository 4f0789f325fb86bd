import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '../shared/errors.ts'
import type { Link } from '../shared/rpc/link.ts'
import type { Log } from './lib/log.ts'
import type { Stop } from './lib/scope.ts'
import type { Router } from './rpc/router.ts'
import { serveLink } from './rpc/serve-link.ts'
import { socketLink } from './rpc/socket-link.ts'

/** What a running console leaves in its data folder so that the CLI finds it. */
const Instance = z.object({
  pid: z.number().int().positive(),
  socket: z.string().max(1000),
  /** Where browsers reach it, without a token; absent in a host with a window. */
  url: z.string().max(1000).optional(),
})
export type Instance = z.infer<typeof Instance>

const MAX_PEERS = 32
/** `sun_path` holds 104 bytes on macOS and 108 on Linux. */
const PATH_LIMIT = 100
const instanceFile = (dataFolder: string) => join(dataFolder, 'instance.json')

/**
 * Lets the CLI drive this console: frames over a local socket that only this user can open. Every host serves it, after
 * it holds the lock of the data folder, so whatever lies at the socket's place is left over and is replaced.
 */
export async function serveControl(options: {
  readonly dataFolder: string
  readonly router: () => Router
  readonly log: Log
  readonly url?: string
}): Promise<{ closeLinks(): void; readonly stop: Stop }> {
  const { dataFolder, log, router } = options
  const socket = socketPlace(dataFolder)
  const peers = new Set<Socket>()
  const server = createServer((peer) => {
    if (peers.size >= MAX_PEERS) return void peer.destroy()
    peers.add(peer)
    peer.on('close', () => peers.delete(peer))
    serveLink(socketLink(peer), router(), 'cli', log)
  })
  if (process.platform !== 'win32') rmSync(socket, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new AppError('DATA_FOLDER_UNUSABLE', { folder: dataFolder, reason: error.message })),
    )
    // The socket is made inside `listen`; with this mask nobody else can open it, not even for a moment.
    const mask = process.umask(0o177)
    server.listen(socket, resolve)
    process.umask(mask)
  })
  writeBeside(instanceFile(dataFolder), JSON.stringify({ pid: process.pid, socket, url: options.url }))
  const closeLinks = () => {
    for (const peer of peers) peer.destroy()
  }
  return {
    closeLinks,
    async stop() {
      rmSync(instanceFile(dataFolder), { force: true })
      closeLinks()
      await new Promise((resolve) => server.close(resolve)) // also removes the socket
    },
  }
}

/** The console that runs on this data folder, and a link to it; null when there is none (also when one left its traces). */
export async function connectControl(
  dataFolder: string,
): Promise<{ readonly instance: Instance; readonly link: Link; readonly close: () => void } | null> {
  const instance = readInstance(dataFolder)
  if (!instance) return null
  const socket = createConnection(instance.socket)
  const connected = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), 2000)
    const settle = (found: boolean) => {
      clearTimeout(timer)
      resolve(found)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
  if (connected) return { instance, link: socketLink(socket), close: () => socket.destroy() }
  socket.destroy()
  return null
}

function readInstance(dataFolder: string): Instance | null {
  try {
    return Instance.parse(JSON.parse(readFileSync(instanceFile(dataFolder), 'utf8').slice(0, 10_000)))
  } catch {
    return null
  }
}

/** Inside the data folder, or in a folder of the user's own where the path would be longer than a socket's may be. */
function socketPlace(dataFolder: string): string {
  const name = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\pilothouse-${name}`
  const usual = join(resolve(dataFolder), 'control.sock')
  if (Buffer.byteLength(usual) <= PATH_LIMIT) return usual
  const folder = join(tmpdir(), `pilothouse-${name}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid } = lstatSync(folder)
  // Somebody else may have made it first: a folder that is not ours, or a symbolic link, is refused.
  if (!lstatSync(folder).isDirectory() || uid !== process.getuid?.()) {
    throw new AppError('DATA_FOLDER_UNUSABLE', { folder, reason: 'it belongs to another user' })
  }
  chmodSync(folder, 0o700)
  return join(folder, 'control.sock')
}

function writeBeside(file: string, text: string): void {
  const beside = `${file}.${process.pid}`
  writeFileSync(beside, text, { mode: 0o600 })
  renameSync(beside, file)
}
