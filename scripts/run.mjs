// Runs on any Node >= 20 and uses no package: installs, then hands over to the Node 24 of node_modules.
// usage: node scripts/run.mjs <script> [args...]
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, handOver, root } from './node24.mjs'

const stampFile = join(root, 'node_modules', '.installed-for')
const read = (name) => (existsSync(join(root, name)) ? readFileSync(join(root, name)) : '')
const wanted = createHash('sha256')
  .update(read('package-lock.json'))
  .update(read('package.json'))
  .update(read('.npmrc'))
  .update(`${process.platform} ${process.arch}`)
  .digest('hex')

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Pilothouse needs Node 20 or newer to begin with; this is ${process.version}.`)
}

function install() {
  const lock = join(root, '.installing')
  for (let tries = 0; ; tries++) {
    // The lock names its owner, so one left by a killed install does not block.
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      break
    } catch {
      const owner = Number(String(read('.installing')))
      let alive = owner > 0
      try {
        process.kill(owner, 0)
      } catch (error) {
        alive = alive && error.code === 'EPERM'
      }
      if (alive || tries > 3)
        fail(`Another install (process ${owner}) is running in this folder; wait for it and try again.`)
      rmSync(lock, { force: true })
    }
  }
  console.error('Installing the packages named in package-lock.json (once, under a minute) ...')
  const npmCli = process.env.npm_execpath
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--prefer-offline']
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: !npmCli && process.platform === 'win32' }
  // npm_node_execpath: the Node npm itself runs on, never the one inside node_modules that npm ci is about to delete.
  const r = npmCli?.endsWith('.js')
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npmCli, ...args], options)
    : spawnSync('npm', args, options)
  if (r.status === 0) writeFileSync(stampFile, wanted)
  rmSync(lock, { force: true }) // process.exit() skips finally blocks, so this stands before fail()
  if (r.status !== 0) fail('npm ci did not finish; its message is above. Nothing was started.')
}

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== wanted) install()
const all = process.argv.slice(2)
const at = all.findIndex((a) => !a.startsWith('--')) // Node's own flags come before the script
handOver([...all.slice(0, at), join(root, all[at]), ...all.slice(at + 1)], { cwd: root })
