const OWN = 'pilothouse'
/** Services may call one another through here, and consoles may name each other. */
const MOST_ROUNDS = 8

/** The `Via` header (RFC 9110 §7.6.3) of a request that is passed on. */
export const viaAfter = (given: string | undefined): string => `${given ? `${given}, ` : ''}1.1 ${OWN}`

/** Whether a request goes round in circles: what is asked has an address of the platform itself. */
export const goesRound = (via: string | undefined): boolean =>
  via !== undefined && via.split(',').filter((one) => one.trim().split(/\s+/)[1] === OWN).length >= MOST_ROUNDS
