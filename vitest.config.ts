import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Half of what a test does is wait: as many at once as there are cores.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'node',
          include: ['app/**/*.test.ts', 'tests/unit/**/*.test.ts'],
          environment: 'node',
          testTimeout: 20_000,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'page',
          include: ['app/renderer/**/*.test.tsx'],
          environment: 'jsdom',
          testTimeout: 20_000,
        },
      },
    ],
  },
})
