import { spawnSync } from 'node:child_process'

const result = spawnSync(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', '.'], {
  stdio: 'inherit',
})
process.exit(result.status ?? 1)
