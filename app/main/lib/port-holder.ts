import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const LIMIT = { timeout: 3000, maxBuffer: 4 * 1024 * 1024 }

export interface PortHolder {
  readonly pid: number
  readonly command: string
}

/** The process that listens on a TCP port of this machine; null where the system does not tell (another user's process). */
export async function portHolder(port: number): Promise<PortHolder | null> {
  try {
    if (process.platform === 'linux') return await fromProc(port)
    return process.platform === 'win32' ? await fromNetstat(port) : await fromLsof(port)
  } catch {
    return null
  }
}

async function fromProc(port: number): Promise<PortHolder | null> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  )
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const sockets = new Set<string>()
  for (const line of tables.join('\n').split('\n')) {
    const fields = line.trim().split(/\s+/)
    // 0A is LISTEN; the tenth column is the inode of the socket.
    if (fields[3] === '0A' && fields[1]?.endsWith(`:${wanted}`)) sockets.add(`socket:[${fields[9]}]`)
  }
  if (sockets.size === 0) return null
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // Another user's process, or one that has just ended.
    const open = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const descriptor of open) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')
      if (sockets.has(target)) return { pid: Number(pid), command: await commandOf(pid) }
    }
  }
  return null
}

/** The program's name; what the system calls a process may be the name of one of its threads. */
async function commandOf(pid: string): Promise<string> {
  const [program = ''] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
  return basename(program) || (await readFile(`/proc/${pid}/comm`, 'utf8')).trim()
}

async function fromLsof(port: number): Promise<PortHolder | null> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], LIMIT)
  const [, pid] = /^p(\d+)$/m.exec(stdout) ?? []
  const [, command = ''] = /^c(.+)$/m.exec(stdout) ?? []
  return pid === undefined ? null : { pid: Number(pid), command }
}

async function fromNetstat(port: number): Promise<PortHolder | null> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'], LIMIT)
  // The word for LISTENING is translated; its foreign address is not.
  const [, pid] = new RegExp(`^\\s*TCP\\s+\\S+:${port}\\s+0\\.0\\.0\\.0:0\\s+\\S+\\s+(\\d+)`, 'm').exec(stdout) ?? []
  if (pid === undefined) return null
  const listed = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], LIMIT)
  return { pid: Number(pid), command: /^"([^"]+)"/.exec(listed.stdout.trim())?.[1] ?? '' }
}
