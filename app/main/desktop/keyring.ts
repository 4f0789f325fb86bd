import { safeStorage } from 'electron'
import type { KeyWrapper } from '../lib/key-file.ts'

/** The operating system's keyring, or null where it has none for this session: `basic_text` is a password everybody knows. */
export async function keyring(platform: NodeJS.Platform): Promise<KeyWrapper | null> {
  if (platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) return null
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return null
  return {
    wrap: (key) => safeStorage.encryptStringAsync(key),
    unwrap: async (wrapped) => (await safeStorage.decryptStringAsync(wrapped)).result,
  }
}
