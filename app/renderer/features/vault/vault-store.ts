import { create } from 'zustand'
import type { VaultState } from '../../../shared/contracts/vault.ts'

/** Mirror of main's vault; only mirrors.ts writes it. Null is "not heard yet". */
export const useVault = create<{ readonly state: VaultState | null }>(() => ({ state: null }))

/** Why no secret can be read: the vault is locked, or its data key cannot be used; null where they can be. */
export const useVaultTrouble = (): Extract<VaultState['state'], { kind: 'locked' | 'unusable' }> | null =>
  useVault(({ state }) => (state?.state.kind === 'locked' || state?.state.kind === 'unusable' ? state.state : null))
/** Whether the secrets cannot be read until somebody opens the vault. */
export const useVaultLocked = (): boolean => useVault(({ state }) => state?.state.kind === 'locked')
