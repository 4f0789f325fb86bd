import { z } from 'zod'
import { ErrorDetails } from '../errors.ts'

/** Something noticed in a plugin package, at the place where it stands. Its sentence is in `plugin-finding-texts.ts`. */
export const Finding = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  /** What the sentence names. */
  details: ErrorDetails,
  /** Path inside the package, with `/`; empty for the package itself. */
  file: z.string(),
  /** 1-based; null where the finding is about the file as a whole. */
  line: z.number().nullable(),
  column: z.number().nullable(),
  /** JSON pointer of the node ("/paths/~1users/get"), empty for the document. */
  path: z.string(),
  /** Whether an import mends it in the imported copy; the original is kept. */
  fixable: z.boolean(),
})
export type Finding = z.infer<typeof Finding>

/** What an import changed in its copy of a document, and why. */
export const Repair = z.object({
  /** The code of the finding that it answers. */
  code: z.string(),
  file: z.string(),
  line: z.number().nullable(),
  path: z.string(),
  /** JSON text, cut at 2,000 characters; null where there was nothing before. */
  before: z.string().nullable(),
  after: z.string().nullable(),
})
export type Repair = z.infer<typeof Repair>

export const PackageKind = z.enum(['coze', 'xpkg', 'openapi', 'dify', 'postman', 'curl'])
export type PackageKind = z.infer<typeof PackageKind>
