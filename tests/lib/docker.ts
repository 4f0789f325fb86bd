import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'

/** This checkout's own value, so that two test runs on one engine leave each other's things alone. */
export const testRun = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 6)

/** Every container, network and volume that a test makes carries this label, and is removed by it. */
export const testLabel = `dev.pilothouse.test=${testRun}`

/** A name that no other run on this engine uses. */
export const testName = (name: string): string => `pt${testRun}-${name}`

export const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8' }).trim()

/** Null when an engine answers, else why the Docker tests are skipped. REQUIRE_DOCKER=1 makes that a failure. */
export function dockerMissing(): string | null {
  const answer = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
    timeout: 10_000,
  })
  if (answer.status === 0) return null
  const why = 'no Docker engine answers on this machine'
  if (process.env['REQUIRE_DOCKER'] === '1') throw new Error(`REQUIRE_DOCKER=1, but ${why}: ${answer.stderr}`)
  return why
}

/** A tiny image made here, because tests reach no registry: busybox with the few commands they use. */
export const testImage = 'pilothouse-test/busybox:1'
export function ensureTestImage(): void {
  if (spawnSync('docker', ['image', 'inspect', testImage]).status === 0) return
  const script = `set -e
    dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
    mkdir -p "$dir/bin" "$dir/etc" "$dir/tmp"
    cp "$(command -v busybox)" "$dir/bin/busybox"
    for name in sh sleep echo cat httpd ls wget dd seq yes kill true false printf env id stty test; do ln -s busybox "$dir/bin/$name"; done
    echo 'root:x:0:0:root:/:/bin/sh' > "$dir/etc/passwd"
    tar -C "$dir" -c . | docker import -c 'CMD ["/bin/sh"]' -c 'LABEL dev.pilothouse.test=image' - ${testImage}`
  execFileSync('sh', ['-c', script], { stdio: 'ignore' })
}

export function removeTestContainers(): void {
  const ids = docker('ps', '-aq', '--filter', `label=${testLabel}`).split('\n').filter(Boolean)
  if (ids.length > 0) docker('rm', '-fv', ...ids)
}

/** Starts a labelled container called `testName(name)`; answers its id. */
export function runContainer(name: string, command: string[], ...options: string[]): string {
  return docker(
    'run',
    '-d',
    '--init',
    '--name',
    testName(name),
    '--label',
    testLabel,
    ...options,
    testImage,
    ...command,
  )
}
