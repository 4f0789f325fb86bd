import { AppError } from '../../shared/errors.ts'
import { plain } from './plain.ts'
import { openSession, type Session } from './session.ts'

export function print(line: string): void {
  process.stdout.write(`${plain(line)}\n`)
}
/** As it is: a program reads it. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** Does what the first word says; fails with WRONG_USE for one that is not known. */
export async function doVerb(
  command: string,
  verbs: Readonly<Record<string, (args: string[]) => Promise<void>>>,
  [name = '', ...rest]: readonly string[],
): Promise<void> {
  const verb = Object.hasOwn(verbs, name) ? verbs[name]! : null
  if (!verb) throw new AppError('WRONG_USE', { reason: `${command} knows ${Object.keys(verbs).join(', ')}.` })
  await verb(rest)
}

/** So many words, no more. */
export function words(verb: string, what: readonly string[], given: readonly string[]): string[] {
  if (given.length < what.length) throw new AppError('WRONG_USE', { reason: `${verb} needs ${what[given.length]}.` })
  if (given.length > what.length) {
    throw new AppError('WRONG_USE', { reason: `${verb} does not take ${given[what.length]}.` })
  }
  return [...given]
}

/** With the running console, or with parts that are started for this command. */
export async function within<T>(folder: string | undefined, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(folder)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}
