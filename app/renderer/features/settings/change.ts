import type { Settings } from '../../../shared/contracts/settings.ts'
import { rpc } from '../../rpc/rpc.ts'
import { run } from '../../shell/run.ts'

/** Asks main to change settings; the new ones come back as an event. */
export const change = (wanted: Partial<Settings>): void => void run(rpc.settings.set(wanted))
