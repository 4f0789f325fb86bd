import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { Surroundings } from './endpoint.ts'

export interface Tls {
  readonly verify: boolean
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
}
export interface Context {
  readonly name: string
  readonly host: string
  readonly tls: Tls | null
}

const FILE_LIMIT = 1_000_000
const CONTEXT_LIMIT = 200

const ConfigFile = z.object({ currentContext: z.string().max(256).optional() })
const MetaFile = z.object({
  Name: z.string().min(1).max(256),
  Endpoints: z.object({
    docker: z.object({ Host: z.string().min(1).max(1024), SkipTLSVerify: z.boolean().optional() }),
  }),
})

const configFolder = ({ env, home }: Surroundings) => env['DOCKER_CONFIG'] || join(home, '.docker')
const unreadable = (endpoint: string, reason: string, cause?: unknown) =>
  new AppError('DOCKER_UNREACHABLE', { endpoint, reason }, { cause })

/** The context that is in use when nobody names one; "default" is the usual socket. */
export async function currentContext(around: Surroundings): Promise<string> {
  const named = around.env['DOCKER_CONTEXT']
  if (named) return named
  const file = join(configFolder(around), 'config.json')
  const bytes = await readBounded(file, file)
  if (!bytes) return 'default'
  return parse(ConfigFile, bytes, file).currentContext || 'default'
}

/** Folder names of the stored contexts. */
export async function contextNames(around: Surroundings): Promise<{ folder: string }[]> {
  const names = await readdir(join(configFolder(around), 'contexts', 'meta')).catch(() => [])
  return names
    .filter((name) => /^[0-9a-f]{64}$/.test(name))
    .slice(0, CONTEXT_LIMIT)
    .map((folder) => ({ folder }))
}

/** Reads one stored context. Throws DOCKER_UNREACHABLE when it is not there or cannot be understood. */
export async function readContext(
  which: { name: string } | { folder: string },
  around: Surroundings,
): Promise<Context> {
  const folder = 'folder' in which ? which.folder : createHash('sha256').update(which.name).digest('hex')
  const label = 'name' in which ? `context ${which.name}` : `context ${folder.slice(0, 12)}`
  const contexts = join(configFolder(around), 'contexts')
  const bytes = await readBounded(join(contexts, 'meta', folder, 'meta.json'), label)
  if (!bytes) throw unreadable(label, 'there is no such context')
  const { Name, Endpoints } = parse(MetaFile, bytes, label)
  const tls = await readTls(join(contexts, 'tls', folder, 'docker'), !Endpoints.docker.SkipTLSVerify, label)
  const stored = tls.ca !== undefined || tls.cert !== undefined || Endpoints.docker.SkipTLSVerify === true
  return { name: Name, host: Endpoints.docker.Host, tls: stored ? tls : null }
}

/** The certificates of a folder, those that are there. */
export async function readTls(folder: string, verify: boolean, label: string): Promise<Tls> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readBounded(join(folder, name), label)),
  )
  return { verify, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}

/** Null when there is no such file. Never reads more than the limit, and never waits on a pipe or a device. */
async function readBounded(file: string, label: string): Promise<Buffer | null> {
  try {
    await using handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const { size } = await handle.stat().then((stat) => (stat.isFile() ? stat : { size: FILE_LIMIT + 1 }))
    if (size > FILE_LIMIT) throw new Error('it is too long or no file')
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(size), 0, size, 0)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw unreadable(label, `${file} cannot be read: ${code ?? message}`, error)
  }
}

function parse<T>(schema: z.ZodType<T>, bytes: Buffer, label: string): T {
  try {
    return schema.parse(JSON.parse(bytes.toString()))
  } catch (error) {
    throw unreadable(label, 'its settings cannot be understood', error)
  }
}
