import { openRunning } from './session.ts'
import { parse } from './usage.ts'

/** `pilothouse open`: an address that signs one more browser in. */
export async function open(args: string[]): Promise<void> {
  const { values } = parse({ args, options: { data: { type: 'string' } } })
  const session = await openRunning(values.data)
  try {
    const { url } = await session.rpc.host.signInAddress()
    process.stdout.write(`${url}\n`)
  } finally {
    await session.close()
  }
}
