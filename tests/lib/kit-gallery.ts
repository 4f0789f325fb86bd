import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { pageHeaders, readPageFile } from '../../app/main/lib/page-policy.ts'

/** The gallery of the component kit, built and served under the product's own page policy. */
export async function serveKitGallery(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const root = mkdtempSync(join(tmpdir(), 'pilothouse-kit-'))
  await build({
    configFile: false,
    root: 'tests/kit',
    plugins: [react()],
    logLevel: 'warn',
    build: { outDir: root, emptyOutDir: true, target: 'chrome140', assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  })
  const server = createServer(async (request, response) => {
    const file = await readPageFile(root, new URL(request.url ?? '/', 'http://gallery').pathname)
    if (file) response.writeHead(200, { ...pageHeaders, 'content-type': file.type }).end(file.body)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(root, { recursive: true, force: true })
    },
  }
}
