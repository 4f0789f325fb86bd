import type { Service } from '../../../shared/contracts/services.ts'

/** A service for tests: running and healthy enough, unless told otherwise. */
export const aService = (name: string, given: Partial<Service> = {}): Service => ({
  id: `${[...name].map((letter) => letter.charCodeAt(0).toString(16)).join('')}`.padEnd(64, '0'),
  name,
  image: 'busybox:1',
  project: null,
  projectService: null,
  state: { kind: 'running', startedAt: 1000 },
  health: 'none',
  failingStreak: 0,
  restartCount: 0,
  ports: [],
  networks: ['bridge'],
  createdAt: 1000,
  requested: null,
  ...given,
})
