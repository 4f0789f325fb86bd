// Package-free, for Node 18 and newer: finds the Node 24 that npm brought and runs things on it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

export function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

function node24() {
  const windows = process.platform === 'win32'
  const folder = `node-${windows ? 'win' : process.platform}-${process.arch}`
  const packaged = join(root, 'node_modules', folder, 'bin', windows ? 'node.exe' : 'node')
  if (existsSync(packaged)) return packaged
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return fail(
    `This needs Node 24 or newer: ${process.version} is running, and npm has no packaged Node for ${process.platform} ${process.arch}.`,
  )
}

/** Runs Node 24 with these arguments in place of this process: same streams, signals passed on, its exit code. */
export function handOver(args, options = {}) {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`
  const child = spawn(node24(), args, {
    ...options,
    stdio: 'inherit',
    env: {
      // Compiled code is kept between starts: a third of the time to the first answer.
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
      ...process.env,
      PATH: path,
      npm_config_loglevel: 'error',
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  if (process.env.npm_lifecycle_event) {
    // npm passes a signal to the shell it made, which dies of it and tells nobody: that parent's end is the sign.
    const parent = process.ppid
    setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 250).unref()
  }
  child.on('error', (error) => fail(`Node could not be started: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}
