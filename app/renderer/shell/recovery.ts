import type { ComponentType } from 'react'
import type { StoreState } from '../../shared/contracts/store.ts'

type Damaged = Extract<StoreState, { kind: 'damaged' }>

/** What stands in place of every page while the database is damaged. Registered by the feature that can repair it. */
export const recovery: { component: ComponentType<{ readonly state: Damaged }> | null } = { component: null }
