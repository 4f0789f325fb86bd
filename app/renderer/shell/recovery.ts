import { lazy } from 'react'

/** What stands in place of every page while the database is damaged. */
export const Recovery = lazy(() =>
  import('../features/settings/RecoveryPage.tsx').then((m) => ({ default: m.RecoveryPage })),
)
