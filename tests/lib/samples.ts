import { z } from 'zod'

interface JsonSchema {
  readonly anyOf?: JsonSchema[]
  readonly oneOf?: JsonSchema[]
  readonly allOf?: JsonSchema[]
  readonly const?: unknown
  readonly enum?: unknown[]
  readonly type?: string | string[]
  readonly properties?: Record<string, JsonSchema>
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly minimum?: number
  readonly default?: unknown
  readonly contentEncoding?: string
  readonly format?: string
  readonly minLength?: number
}

/** Values that a schema accepts: at least one for each variant of its outermost union. `undefined` for a void one. */
export function samples(schema: z.ZodType, io: 'input' | 'output'): unknown[] {
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema
  const variants = json.oneOf ?? json.anyOf ?? [json]
  return variants.map(sample)
}

function sample(schema: JsonSchema): unknown {
  const variants = schema.oneOf ?? schema.anyOf
  if (variants) return sample(variants[0]!)
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  switch (typeof schema.type === 'object' ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, sample(one)]))
    case 'array':
      return [sample(schema.items ?? {})]
    case 'string':
      if (schema.format === 'uri') return 'http://a.test'
      return schema.contentEncoding === 'base64' ? 'QQ==' : 'A'.repeat(schema.minLength ?? 1)
    case 'number':
    case 'integer':
      return Math.max(1, schema.minimum ?? 1)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return undefined
  }
}
