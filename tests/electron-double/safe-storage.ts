/** The keyring of the double: `basic_text` as on a machine without one, or a reversible stand-in when a test asks. */
const backend = process.env['ELECTRON_DOUBLE_KEYRING'] ?? 'basic_text'
const mask = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0x5a))

export const safeStorage = {
  getSelectedStorageBackend: (): string => backend,
  isAsyncEncryptionAvailable: async (): Promise<boolean> => backend !== 'basic_text',
  encryptStringAsync: async (text: string): Promise<Buffer> => mask(Buffer.from(text)),
  decryptStringAsync: async (bytes: Buffer) => ({ result: mask(bytes).toString(), shouldReEncrypt: false }),
}
