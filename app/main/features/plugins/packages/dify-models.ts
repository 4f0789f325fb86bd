import { asText, isObject } from './configuration-schema.ts'
import { labelOf } from './dify-credentials.ts'
import type { Document } from './document.ts'
import { below, type Report, rootSpot, type Spot } from './findings.ts'
import type { Json, JsonObject, ModelKind, PluginModel } from './package-types.ts'

/** Dify's types of models, and what they are here; null for one that the console has no use for. */
export const kindsOfModel: ReadonlyMap<string, ModelKind | null> = new Map([
  ['llm', 'chat'],
  ['text-embedding', 'embedding'],
  ['rerank', 'rerank'],
  ['tts', 'tts'],
  ['speech2text', 'stt'],
  ['moderation', null],
])
const ruleTypes = ['float', 'int', 'string', 'boolean', 'text']

/** The model of one file, with everything that is wrong with it told; null where it cannot be used. */
export function checkModel(document: Document, supported: readonly string[], report: Report): PluginModel | null {
  const spot = rootSpot(document.file)
  const model = document.value
  if (!isObject(model)) {
    report.add('error', 'FIELD_MISSING', spot, { name: 'model' })
    return null
  }
  const id = asText(model['model'])
  const type = asText(model['model_type'])
  if (!id) report.add('error', 'FIELD_MISSING', spot, { name: 'model' })
  if (!type) report.add('error', 'FIELD_MISSING', spot, { name: 'model_type' })
  else if (!kindsOfModel.has(type)) report.add('error', 'DIFY_MODEL_TYPE', below(spot, 'model_type'), { type })
  else if (!supported.includes(type))
    report.add('warning', 'DIFY_MODEL_UNDECLARED', below(spot, 'model_type'), { type })
  checkProperties(model, spot, report)
  checkRules(model['parameter_rules'], below(spot, 'parameter_rules'), report)
  checkPricing(model['pricing'], below(spot, 'pricing'), report)
  const kind = type === null ? null : (kindsOfModel.get(type) ?? null)
  if (!id || kind === null) return null
  return { id, kind, label: labelOf(model['label'])?.en ?? id, deprecated: model['deprecated'] === true }
}

function checkProperties(model: JsonObject, spot: Spot, report: Report): void {
  const properties = model['model_properties']
  if (properties === undefined) return
  const at = below(spot, 'model_properties')
  if (!isObject(properties)) {
    report.add('error', 'FIELD_WRONG', at, { name: 'model_properties', expected: '{…}' })
    return
  }
  const size = properties['context_size']
  if (size !== undefined && !(Number.isInteger(Number(asText(size))) && Number(size) > 0)) {
    report.add('error', 'FIELD_WRONG', below(at, 'context_size'), { name: 'context_size', expected: '> 0' })
  }
  const mode = properties['mode']
  if (mode !== undefined && mode !== 'chat' && mode !== 'completion') {
    report.add('error', 'FIELD_WRONG', below(at, 'mode'), { name: 'mode', expected: 'chat | completion' })
  }
}

function checkRules(rules: Json | undefined, spot: Spot, report: Report): void {
  if (rules === undefined || rules === null) return
  if (!Array.isArray(rules)) {
    report.add('error', 'FIELD_WRONG', spot, { name: 'parameter_rules', expected: '[…]' })
    return
  }
  for (const [n, rule] of rules.entries()) {
    const at = below(spot, n)
    const name = isObject(rule) ? asText(rule['name']) : null
    if (!isObject(rule) || !name) {
      report.add('error', 'FIELD_MISSING', at, { name: 'name' })
      continue
    }
    const type = asText(rule['type'])
    // A template brings its type with it.
    if (type === null ? !rule['use_template'] : !ruleTypes.includes(type)) {
      report.add('error', 'FIELD_WRONG', below(at, 'type'), { name: `${name}.type`, expected: ruleTypes.join(' | ') })
    }
    if (!fits(rule)) report.add('warning', 'DIFY_DEFAULT', below(at, 'default'), { name })
  }
}
function fits(rule: JsonObject): boolean {
  const { default: value, min, max, options } = rule
  if (value === undefined || value === null) return true
  if (Array.isArray(options) && options.length > 0) return options.includes(value)
  if (typeof value !== 'number') return true
  return !(typeof min === 'number' && value < min) && !(typeof max === 'number' && value > max)
}

function checkPricing(pricing: Json | undefined, spot: Spot, report: Report): void {
  if (pricing === undefined || pricing === null) return
  if (!isObject(pricing)) {
    report.add('error', 'FIELD_WRONG', spot, { name: 'pricing', expected: '{…}' })
    return
  }
  for (const name of ['input', 'output', 'unit']) {
    const value = pricing[name]
    // What is put out need not have a price: a rerank model puts nothing out.
    if (value === undefined && name === 'output') continue
    if (!/^\d+(\.\d+)?(e-?\d+)?$/i.test(asText(value ?? null) ?? ''))
      report.add('error', 'DIFY_PRICE', below(spot, name), { name })
  }
  const currency = asText(pricing['currency'])
  if (currency === null || !/^[A-Z]{3}$/.test(currency))
    report.add('error', 'DIFY_CURRENCY', below(spot, 'currency'), { currency: currency ?? '' })
}
