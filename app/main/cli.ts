import { AppError, describeError } from '../shared/errors.ts'
import { spokenLanguage } from './cli/language.ts'
import { plain } from './cli/plain.ts'
import { type Command, help, usageOf } from './cli/usage.ts'
import { version } from './lib/version.ts'

// Loaded only when asked for: `--help` needs no engine, `services ls` no page.
const commands: Record<Command, () => Promise<(args: string[]) => Promise<void>>> = {
  serve: async () => (await import('./cli/serve.ts')).serve,
  open: async () => (await import('./cli/open.ts')).open,
  services: async () => (await import('./cli/services.ts')).services,
  plugins: async () => (await import('./cli/plugins.ts')).plugins,
  keys: async () => (await import('./cli/keys.ts')).keys,
  features: async () => (await import('./cli/features.ts')).features,
  route: async () => (await import('./cli/route.ts')).route,
  tokens: async () => (await import('./cli/tokens.ts')).tokens,
  jobs: async () => (await import('./cli/jobs.ts')).jobs,
  agents: async () => (await import('./cli/agents.ts')).agents,
  vault: async () => (await import('./cli/vault.ts')).vault,
}

/** Runs one command line; answers the exit code: 0 done, 1 failed, 2 wrong use. */
async function run(args: string[]): Promise<number> {
  const [name = '', ...rest] = args
  try {
    if (name === '--version') process.stdout.write(`${version}\n`)
    else if (name === '--help' || name === '-h' || name === 'help') process.stdout.write(help(rest[0]))
    else if (!Object.hasOwn(commands, name)) {
      const reason = name
        ? `There is no command ${name.slice(0, 100)}; see pilothouse --help.`
        : 'Say what to do; see pilothouse --help.'
      throw new AppError('WRONG_USE', { reason })
    } else if (rest.includes('--help') || rest.includes('-h')) process.stdout.write(usageOf(name as Command))
    else {
      const command = await commands[name as Command]()
      await command(rest)
      // A command that did its work and found fault says so itself.
      return Number(process.exitCode ?? 0)
    }
    return 0
  } catch (error) {
    process.stderr.write(`pilothouse: ${plain(sentence(error))}\n`)
    return error instanceof AppError && error.code === 'WRONG_USE' ? 2 : 1
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof AppError)) {
    const { message, code } = error as { message?: string; code?: string }
    return `${message ?? String(error)} (${code ?? 'INTERNAL'})`
  }
  return `${describeError(error.code, error.details, spokenLanguage()).sentence} (${error.code})`
}

// `pilothouse services ls | head -1`: the reader has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
const code = await run(process.argv.slice(2))
// A reader that is slower than we are has not got everything yet: exit would cut it off.
await new Promise<void>((written) => process.stdout.write('', () => written()))
process.exit(code)
