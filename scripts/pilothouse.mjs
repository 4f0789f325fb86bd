#!/usr/bin/env node
// The `pilothouse` command: hands over to Node 24, in the folder where it was called.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fail, handOver, root } from './node24.mjs'

const cli = join(root, 'dist', 'main', 'cli.js')
if (!existsSync(cli)) fail(`pilothouse: It is not built yet; run \`npm start\` in ${root} once. (NOT_BUILT)`)
handOver([cli, ...process.argv.slice(2)])
