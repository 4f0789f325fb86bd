/** A secret as it may be shown: enough of a long one to recognise it. */
export const masked = (secret: string) =>
  secret.length >= 12 ? `${secret.slice(0, 4)}****${secret.slice(-4)}` : '****'
