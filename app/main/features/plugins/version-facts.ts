import { z } from 'zod'
import { PackageKind } from '../../../shared/contracts/plugin-findings.ts'
import { ConfigurationField, PluginModel } from '../../../shared/contracts/plugins.ts'

/** A field of the form as the package declares it. */
export const Field = ConfigurationField.omit({ value: true })
export type Field = z.infer<typeof Field>

/** What rows, forms and tables need of a version without reading its definition. A version never changes, so neither does this. */
export const VersionFacts = z.object({
  kind: PackageKind,
  name: z.string(),
  nameForModel: z.string(),
  version: z.string(),
  description: z.string(),
  author: z.string(),
  license: z.string(),
  provider: z.string(),
  server: z.string(),
  signature: z.enum(['none', 'valid', 'invalid']),
  auth: z.enum(['none', 'serviceToken', 'clientCredentials', 'authorizationCode']),
  models: z.array(PluginModel),
  configuration: z.array(Field),
  /** Secret fields that the package itself brings a value for, masked. */
  provided: z.record(z.string(), z.string()),
  toolCount: z.number(),
  callableCount: z.number(),
  repairCount: z.number(),
  errorCount: z.number(),
  warningCount: z.number(),
})
export type VersionFacts = z.infer<typeof VersionFacts>

/** Whether nothing of it can be called or used. */
export const isEmpty = ({ callableCount, models }: VersionFacts) => callableCount === 0 && models.length === 0
