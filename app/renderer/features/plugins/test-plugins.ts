import type { Plugin } from '../../../shared/contracts/plugins.ts'

/** For tests: an active plugin with two tools that nothing is wrong with. */
export const testPlugin = (id: string, more: Partial<Plugin> = {}): Plugin => ({
  id,
  name: id,
  nameForModel: id,
  kind: 'coze',
  description: '',
  author: '',
  provider: '',
  state: 'active',
  versionId: 1,
  version: 'v1.0.0',
  waitingVersionId: null,
  toolCount: 2,
  callableCount: 2,
  modelCount: 0,
  errorCount: 0,
  warningCount: 0,
  signature: 'none',
  missingConfiguration: [],
  recording: false,
  figures: { calls: 0, errors: 0, p95Ms: null, lastAt: null },
  updatedAt: 0,
  restorableUntil: null,
  requested: null,
  ...more,
})
