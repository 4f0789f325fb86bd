import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Why no engine of our own can be started here, or null. REQUIRE_DOCKER=1 makes that a failure. */
export function privateEngineMissing(): string | null {
  const able = process.getuid?.() === 0 && spawnSync('which', ['dockerd', 'unshare']).status === 0
  if (able) return null
  const why = 'starting a Docker engine of our own needs root and dockerd'
  if (process.env.REQUIRE_DOCKER === '1') throw new Error(`REQUIRE_DOCKER=1, but ${why}`)
  return why
}

/**
 * A Docker engine that a test may stop and start. It lives in a network namespace of its own, because a second engine
 * beside another one fights over the bridge.
 */
export async function startPrivateEngine() {
  const root = mkdtempSync(join(tmpdir(), 'pilothouse-engine-'))
  const host = `unix://${root}/docker.sock`
  const args = ['--data-root', `${root}/data`, '--exec-root', `${root}/exec`, '--pidfile', `${root}/dockerd.pid`]
  const docker = (...command: string[]) => execFileSync('docker', ['-H', host, ...command], { encoding: 'utf8' }).trim()
  let daemon: ChildProcess | undefined

  async function start(): Promise<void> {
    // What a killed daemon leaves would make the next one wait for a containerd that is gone.
    for (const left of ['dockerd.pid', 'exec/containerd/containerd.pid', 'exec/containerd/containerd.sock']) {
      rmSync(join(root, left), { force: true })
    }
    const inside = 'ip link set lo up 2>/dev/null || true; exec "$@"'
    // --live-restore keeps containers running while the daemon is away, as operators who restart it expect.
    daemon = spawn(
      'unshare',
      ['--net', 'sh', '-c', inside, '_', 'dockerd', ...args, '-H', host, '--live-restore', '--log-level=error'],
      { stdio: 'ignore' },
    )
    for (let tries = 0; spawnSync('docker', ['-H', host, 'version'], { stdio: 'ignore' }).status !== 0; tries++) {
      if (tries > 300 || daemon.exitCode !== null) throw new Error('the private Docker engine did not start')
      await sleep(100)
    }
  }
  /** SIGTERM, or SIGKILL for a crash. */
  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return
    const ended = once(daemon, 'exit')
    daemon.kill(signal)
    await ended
  }
  await start()
  return {
    host,
    socket: `${root}/docker.sock`,
    docker,
    start,
    stop,
    /** Copies an image of another engine into this one. */
    load(from: (...args: string[]) => string, image: string): void {
      const file = join(root, 'image.tar')
      from('save', '-o', file, image)
      docker('load', '-i', file)
      rmSync(file)
    },
    async remove(): Promise<void> {
      const ids = docker('ps', '-aq').split('\n').filter(Boolean)
      if (ids.length > 0) docker('rm', '-fv', ...ids)
      await stop()
      const mounts = execFileSync('sh', ['-c', `awk -v r="${root}/" 'index($2,r)==1{print $2}' /proc/mounts | sort -r`])
      for (const mount of String(mounts).split('\n').filter(Boolean)) spawnSync('umount', ['-l', mount])
      rmSync(root, { recursive: true, force: true })
    },
  }
}
export type PrivateEngine = Awaited<ReturnType<typeof startPrivateEngine>>
