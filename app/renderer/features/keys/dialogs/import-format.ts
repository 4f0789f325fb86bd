export type ImportFormat = 'env' | 'csv' | 'one-api' | 'pilothouse'

/** What a text looks like: our own export names itself, one-api exports JSON, a CSV names its columns in its first line, the rest is `.env`. */
export function formatOf(text: string, fileName = ''): ImportFormat {
  if (/^\s*\{\s*"format"\s*:\s*"pilothouse-keys"/.test(text)) return 'pilothouse'
  if (/\.json$/i.test(fileName)) return 'one-api'
  if (/\.csv$/i.test(fileName)) return 'csv'
  if (/^\s*[[{]/.test(text)) return 'one-api'
  const [first = ''] = text.trimStart().split('\n', 1)
  return first.includes(',') && !first.includes('=') ? 'csv' : 'env'
}
