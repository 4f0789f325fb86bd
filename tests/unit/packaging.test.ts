import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, onTestFinished, test } from 'vitest'
import { forgeElectronDist } from '../../scripts/fake-electron-dist.ts'

// electron-builder's own parts have no entry of their own; its schema is what a wrong word would fail on.
const partOfBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))

test("electron-builder.yml fits electron-builder's own schema", async () => {
  const { getConfig, validateConfiguration } = partOfBuilder('app-builder-lib/out/util/config/config.js')
  const { DebugLogger } = partOfBuilder('builder-util')
  const config = await getConfig(process.cwd(), 'electron-builder.yml', {})

  await validateConfiguration(config, new DebugLogger(false))
  await expect(validateConfiguration({ ...config, asarr: true }, new DebugLogger(false))).rejects.toThrow(
    /unknown property 'asarr'/,
  )
})

const packable = process.platform === 'linux' && process.arch === 'x64'
test.skipIf(!packable)(
  'the package has the app, SQLite for this machine, and the fuses [needs Linux x64]',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pilothouse-pack-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const electronDist = join(folder, 'electron')
    forgeElectronDist(electronDist)
    const builder = ['node_modules/electron-builder/cli.js', '--linux', 'dir', '--config', 'electron-builder.yml']
    const places = [`-c.electronDist=${electronDist}`, `-c.directories.output=${join(folder, 'release')}`]
    execFileSync(process.execPath, [...builder, ...places], { stdio: 'pipe' })

    const unpacked = join(folder, 'release', 'linux-unpacked')
    const { listPackage } = partOfBuilder('@electron/asar')
    const files: string[] = listPackage(join(unpacked, 'resources', 'app.asar'), {})
    const natives = readdirSync(join(unpacked, 'resources', 'app.asar.unpacked'), { recursive: true })
    const wire = await getCurrentFuseWire(join(unpacked, 'pilothouse'))
    const fuse = (name: keyof typeof FuseV1Options) => String.fromCharCode(wire[FuseV1Options[name]] ?? 0)

    expect({
      missing: [
        '/dist/main/electron.js',
        '/dist/preload/preload.cjs',
        '/dist/renderer/index.html',
        '/package.json',
      ].filter((file) => !files.includes(file)),
      superfluous: files.filter((file) => /\.map$|\.ts$|\/app\/|node-linux|better-sqlite3\/(src|deps)/.test(file)),
      modules: files.filter((file) => /^\/node_modules\/[^/]+$/.test(file)),
      natives: natives.filter((name) => String(name).endsWith('.node')),
      fuses: {
        runAsNode: fuse('RunAsNode'),
        cookieEncryption: fuse('EnableCookieEncryption'),
        nodeOptions: fuse('EnableNodeOptionsEnvironmentVariable'),
        inspect: fuse('EnableNodeCliInspectArguments'),
        asarIntegrity: fuse('EnableEmbeddedAsarIntegrityValidation'),
        onlyAsar: fuse('OnlyLoadAppFromAsar'),
      },
    }).toEqual({
      missing: [],
      superfluous: [],
      modules: ['/node_modules/better-sqlite3'],
      natives: ['node_modules/better-sqlite3/prebuilds/linux-x64.node'],
      fuses: {
        runAsNode: '0',
        cookieEncryption: '1',
        nodeOptions: '0',
        inspect: '0',
        asarIntegrity: '1',
        onlyAsar: '1',
      },
    })
  },
  60_000,
)
