import { createBuilder } from 'vite'

const builder = await createBuilder({ configFile: 'vite.config.ts', logLevel: 'warn' })
await builder.buildApp()
