import type { FastifyInstance } from 'fastify'
import { AppError, type SpokenLanguage } from '../../../shared/errors.ts'
import type { PlatformParts } from '../parts.ts'
import { failureOf, languageOf, sentenceOf } from '../replies.ts'
import { CALLBACK } from '../sign-ins.ts'

const escaped = (text: string) => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)

const words = {
  done: { en: '{name} is signed in. You can close this page.', 'zh-CN': '{name} 已完成授权，可以关闭此页面。' },
  failed: { en: 'The sign-in did not succeed.', 'zh-CN': '授权未成功。' },
} as const

/** Where a vendor sends the operator back to: a page without scripts that says how it went. */
export async function signInRoutes(app: FastifyInstance, { signIns, main }: PlatformParts) {
  app.get<{ Querystring: { code?: string; state?: string; error?: string } }>(CALLBACK, async (request, reply) => {
    const language: SpokenLanguage = languageOf(request)
    reply.type('text/html; charset=utf-8')
    reply.header('content-security-policy', "default-src 'none'").header('cache-control', 'no-store')
    const page = (status: number, text: string) =>
      reply
        .code(status)
        .send(
          `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>Pilothouse</title><p>${escaped(text)}</p></html>`,
        )
    const { code, state, error } = request.query
    try {
      if (typeof state !== 'string' || typeof code !== 'string') {
        if (typeof state === 'string') signIns.drop(state)
        throw new AppError('OAUTH_REFUSED', { host: 'The vendor', reason: String(error ?? 'no code').slice(0, 100) })
      }
      return page(200, words.done[language].replace('{name}', await signIns.finish(state, code)))
    } catch (thrown) {
      const { failure } = failureOf(thrown, (bug) => {
        main.tell('log', { level: 'error', message: 'sign-in failed', fields: { error: String(bug) } })
        return request.id
      })
      return page(400, `${words.failed[language]} ${sentenceOf(request, failure)}`)
    }
  })
}
