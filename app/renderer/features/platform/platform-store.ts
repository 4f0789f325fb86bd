import { create } from 'zustand'
import type { PlatformState } from '../../../shared/contracts/platform.ts'

/** A mirror of the local platform's state, written by mirrors.ts alone; null is "not heard yet". */
export const usePlatform = create<{ readonly state: PlatformState | null }>(() => ({ state: null }))
