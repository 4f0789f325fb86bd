import { reloadOnBrokenLoads } from './shell/broken-loads.ts'

// The page itself comes after whoever loads it again where a part of it does not arrive.
reloadOnBrokenLoads()
void import('./page.tsx')
