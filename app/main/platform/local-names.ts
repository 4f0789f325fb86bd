/** Whether a `Host` header names this machine itself: a page of another site can make a name of its own lead here. */
export const isLocalHost = (host: string): boolean => /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host)

/** The same of an `Origin` header. */
export const isLocalOrigin = (origin: string): boolean =>
  /^https?:\/\//i.test(origin) && isLocalHost(origin.replace(/^https?:\/\//i, ''))
