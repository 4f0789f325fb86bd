import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Lays out what electron-builder expects of Electron's Linux distribution, without the program: names, a version and a
 * fuse wire. So packing is tried where Electron cannot be downloaded: what goes in, what is unpacked, which fuses are set.
 */
export function forgeElectronDist(folder: string): void {
  const { version } = JSON.parse(readFileSync('node_modules/electron/package.json', 'utf8'))
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'))
  // The sentinel that @electron/fuses looks for, the wire's version, its length, and Electron's defaults.
  const wire = Buffer.concat([
    Buffer.from('#!/bin/sh\nexit 3\n# dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, 9]),
    Buffer.from('101100110\n'),
  ])
  const program = (name: string, content: string | Buffer) =>
    writeFileSync(join(folder, name), content, { mode: 0o755 })
  program('electron', wire)
  program('chrome-sandbox', '#!/bin/sh\n')
  program('chrome_crashpad_handler', '#!/bin/sh\n')
  const empty = ['LICENSE', 'LICENSES.chromium.html', 'icudtl.dat', 'resources.pak', 'snapshot_blob.bin']
  for (const name of [...empty, 'v8_context_snapshot.bin', 'libffmpeg.so', 'libEGL.so', 'locales/en-US.pak']) {
    writeFileSync(join(folder, name), '')
  }
  writeFileSync(join(folder, 'version'), version)
}
