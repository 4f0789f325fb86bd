import { randomBytes } from 'node:crypto'

/** Ids for requests: what the caller says in `X-Request-Id` if it can stand in a header, else one of our own. */
export function createRequestIds(): (given: string | string[] | undefined) => string {
  const run = randomBytes(4).toString('hex')
  let count = 0
  return (given) =>
    typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? given : `${run}-${(++count).toString(36)}`
}
