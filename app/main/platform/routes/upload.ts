import { rm } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../shared/errors.ts'
import type { PlatformParts } from '../parts.ts'
import { receiveUpload } from '../receive-upload.ts'
import { findingReply, replyFailure, userOf } from '../replies.ts'

const UPLOAD_BYTES = 100 * 1024 * 1024

/** Packages that come over HTTP: received here, taken over by main. */
export async function uploadRoutes(app: FastifyInstance, { main, options }: PlatformParts) {
  const { default: multipart } = await import('@fastify/multipart')
  // In a scope of its own: no other path takes such bodies.
  await app.register(async (scope) => {
    await scope.register(multipart, { limits: { files: 1, fields: 10, fileSize: UPLOAD_BYTES, headerPairs: 50 } })
    scope.post('/api/plugins/upload', { bodyLimit: UPLOAD_BYTES + 1024 * 1024 }, async (request, reply) => {
      const { file, name } = await receiveUpload(request, options().stagingFolder, UPLOAD_BYTES)
      try {
        const { plugins, findings } = await main.ask('importStaged', { file, name, userId: userOf(request) })
        const told = findings.map((finding) => findingReply(request, finding))
        const [first] = plugins
        if (!first) {
          const failure = { code: 'PACKAGE_NOTHING_FOUND', details: { name, count: findings.length } } as const
          return replyFailure(request, reply, failure, { more: { findings: told } })
        }
        const message = plugins.length === 1 ? 'uploaded' : `uploaded ${plugins.length} plugins`
        const ids = plugins.map(({ id, version }) => ({ plugin_id: id, version }))
        const { id, version } = first
        return {
          success: true,
          data: { plugin_id: id, filename: name, message, version, plugins: ids, findings: told },
        }
      } catch (error) {
        // Callers look for findings whenever a package is refused.
        if (error instanceof AppError && error.code.startsWith('PACKAGE_'))
          return replyFailure(request, reply, error, { more: { findings: [] } })
        throw error
      } finally {
        // Main takes it over; this is for a main that failed before it did.
        await rm(file, { force: true })
      }
    })
  })
}
