import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import { below, createReport, rootSpot } from './findings.ts'
import { isNode, textOf } from './openapi-nodes.ts'
import type { PackageFiles } from './package-types.ts'
import { readDocumentFile } from './read-file.ts'

/** Checks the form that upstream shows for signing in: a list of ways, each with its fields. */
export async function checkOauthSchema(files: PackageFiles, path: string): Promise<readonly Finding[]> {
  const document = await readDocumentFile(files, path)
  const report = createReport(new Map([[path, document]]), false)
  const top = rootSpot(path)
  const { value } = document
  if (value === undefined) return document.findings
  if (!Array.isArray(value)) {
    report.add('error', 'OAUTH_SCHEMA', top, { reason: 'a list is needed' })
    return [...document.findings, ...report.findings]
  }
  for (const [i, way] of value.entries()) {
    const spot = below(top, i)
    if (!isNode(way) || textOf(way['key']) === '' || !Array.isArray(way['items'])) {
      report.add('error', 'OAUTH_SCHEMA', spot, { reason: 'an entry needs a key and a list of items' })
      continue
    }
    for (const [j, item] of way['items'].entries()) {
      const at = below(spot, 'items', j)
      if (!isNode(item) || textOf(item['key']) === '')
        report.add('error', 'OAUTH_SCHEMA', at, { reason: 'an item needs a key' })
      else if (item['type'] !== 'text' && item['type'] !== 'url')
        report.add('error', 'OAUTH_SCHEMA', below(at, 'type'), { reason: 'the type of an item is text or url' })
      else if (item['max_len'] !== undefined && !((item['max_len'] as number) > 0))
        report.add('error', 'OAUTH_SCHEMA', below(at, 'max_len'), { reason: 'max_len is a number above 0' })
    }
  }
  return [...document.findings, ...report.findings]
}
