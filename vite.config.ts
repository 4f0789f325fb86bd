import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite'

const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)])
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** Stands in for modules of main that are required but never used. Before Vite itself, which would find them. */
const nothing = (names: readonly string[]): Plugin => ({
  name: 'nothing',
  enforce: 'pre',
  applyToEnvironment: (environment) => environment.name === 'main',
  resolveId: (id: string) => (names.includes(id) ? `\0nothing:${id}` : null),
  load: (id: string) => (id.startsWith('\0nothing:') ? 'export default {}' : null),
})

/**
 * Main-process code: ESM with its libraries in it, which halves the start and a quarter of the memory. Only what is not
 * JavaScript stays in node_modules. dockerode brings gRPC (for BuildKit sessions) and an ssh client (ours is `ssh`
 * itself); neither is ever called, so they are left out.
 */
const main: EnvironmentOptions = {
  consumer: 'server',
  resolve: { noExternal: true, external: ['electron', 'better-sqlite3', ...builtins] },
  build: {
    outDir: path('dist/main'),
    emptyOutDir: true,
    target: 'node24',
    chunkSizeWarningLimit: 1000,
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: {
        electron: path('app/main/electron.ts'),
        cli: path('app/main/cli.ts'),
        // Worker threads: found by these names beside the bundle (app/main/lib/worker-file.ts).
        'platform-worker': path('app/main/platform/worker.ts'),
        'package-worker': path('app/main/features/plugins/importing/worker.ts'),
      },
      external: (id) => id === 'electron' || id === 'better-sqlite3' || builtins.has(id),
      platform: 'node',
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
}

/** Preload: one CommonJS file with only `electron` outside, because a sandboxed preload cannot require anything else. */
const preload: EnvironmentOptions = {
  consumer: 'server',
  resolve: { noExternal: true, external: ['electron'], conditions: ['browser', 'import', 'module', 'default'] },
  build: {
    outDir: path('dist/preload'),
    emptyOutDir: true,
    target: 'chrome140',
    sourcemap: 'inline',
    minify: false,
    rolldownOptions: {
      input: path('app/preload/preload.ts'),
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
    },
  },
}

export default defineConfig({
  root: path('app/renderer'),
  plugins: [react(), nothing(['@grpc/grpc-js', '@grpc/proto-loader', 'ssh2'])],
  environments: {
    client: { build: { outDir: path('dist/renderer'), emptyOutDir: true, target: 'chrome140', assetsInlineLimit: 0 } },
    main,
    preload,
  },
  builder: {
    async buildApp(builder) {
      const wanted = Object.values(builder.environments).filter((environment) => environment.name !== 'ssr')
      await Promise.all(wanted.map((environment) => builder.build(environment)))
    },
  },
})
