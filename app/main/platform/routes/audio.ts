import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../shared/errors.ts'
import type { JsonObject } from '../../features/plugins/packages/package-types.ts'
import { beginSound, endSound, hangUpOf, refuse, sendJson, traceHeaders } from '../gateway/answers.ts'
import { modelOf, openAiBody, outputOf } from '../gateway/neutral.ts'
import type { Served, Wanted } from '../gateway/serve.ts'
import { formFailure } from '../receive-upload.ts'
import type { VendorCall } from '../vendors/vendor.ts'
import { goesRound } from '../via.ts'
import { type GatewayRouteParts, objectOf } from './gateway.ts'

const AUDIO_BYTES = 25 * 1024 * 1024
const FIELD_BYTES = 256 * 1024
/** Each is held whole until a vendor has answered. */
const MOST_UPLOADS = 8

/** OpenAI's interface to speech: text becomes sound, and sound becomes text. */
export async function audioRoutes(app: FastifyInstance, { gateway }: GatewayRouteParts) {
  app.post('/v1/audio/speech', async (request, reply) => {
    const body = objectOf(request.body)
    if (body['stream_format'] !== undefined && body['stream_format'] !== 'audio')
      throw new AppError('BAD_INPUT', { reason: 'stream_format: only audio' })
    const served = await ask(request, reply, { feature: 'text_to_speech', call: 'speech', body }, (trace, type) =>
      beginSound(request, reply, trace, type),
    )
    return served?.kind === 'streamed' ? endSound(reply, served.failure) : reply
  })

  const { default: multipart } = await import('@fastify/multipart')
  let uploads = 0
  // In a scope of its own: no other path takes such bodies.
  await app.register(async (scope) => {
    const limits = { files: 1, fields: 20, fileSize: AUDIO_BYTES, fieldSize: FIELD_BYTES, headerPairs: 50 }
    await scope.register(multipart, { limits })
    scope.post('/v1/audio/transcriptions', { bodyLimit: AUDIO_BYTES + 1024 * 1024 }, async (request, reply) => {
      if (uploads >= MOST_UPLOADS) throw new AppError('CALL_TOO_MANY', { most: MOST_UPLOADS })
      uploads++
      try {
        const form = await formIn(request)
        const { response_format: format = 'json' } = form
        if (format !== 'json' && format !== 'text')
          throw new AppError('BAD_INPUT', { reason: 'response_format: json or text' })
        if (form['stream'] === 'true') throw new AppError('BAD_INPUT', { reason: 'stream: only chats are streamed' })
        const body = openAiBody('transcription', form)
        const served = await ask(request, reply, { feature: 'speech_to_text', call: 'transcription', body }, null)
        if (served?.kind !== 'answered') return reply
        const headers = traceHeaders(served.trace)
        if (format === 'json') return sendJson(request, reply, 200, headers, served.text ?? JSON.stringify(served.json))
        const type = { 'content-type': 'text/plain; charset=utf-8' }
        const text = String(outputOf('transcription', served.json)['text'])
        return sendJson(request, reply, 200, { ...type, ...headers }, text)
      } finally {
        uploads--
      }
    })
  })

  /** Null where it has been told that there is no answer. */
  async function ask(
    request: FastifyRequest,
    reply: FastifyReply,
    { feature, call, body }: { readonly feature: string; readonly call: VendorCall; readonly body: JsonObject },
    stream: Wanted['stream'],
  ): Promise<Extract<Served, { readonly kind: 'answered' | 'streamed' }> | null> {
    const { via } = request.headers
    if (goesRound(via)) throw new AppError('GATEWAY_LOOP')
    const named = modelOf(gateway, { feature, call }, body)
    const token = request.gatewayToken
    const served = await gateway.serve({ ...named, call, body, token, hangUp: hangUpOf(reply), via, stream })
    switch (served.kind) {
      case 'answered':
      case 'streamed':
        return served
      case 'refused':
        refuse(request, reply, served.refusal, served.trace)
        return null
      case 'gone':
        reply.hijack()
        return null
      case 'job':
        throw new Error('only images are jobs')
    }
  }
}

/** The fields of a form, with the file as `audio`. */
async function formIn(request: FastifyRequest): Promise<JsonObject> {
  if (!request.isMultipart()) throw new AppError('BAD_INPUT', { reason: 'send the audio as multipart field "file"' })
  const form: { [name: string]: JsonObject[string] } = {}
  let audio: JsonObject | null = null
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.valueTruncated) throw new AppError('BAD_INPUT', { reason: `${part.fieldname.slice(0, 40)}: too long` })
        form[part.fieldname] = String(part.value)
      } else if (part.fieldname === 'file') {
        const bytes = await part.toBuffer()
        const name = part.filename.replace(/\p{Cc}/gu, '').slice(0, 200) || 'audio'
        audio = { b64_json: bytes.toString('base64'), content_type: part.mimetype, name }
      } else throw new AppError('BAD_INPUT', { reason: 'send the audio as multipart field "file"' })
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'FST_REQ_FILE_TOO_LARGE')
      throw new AppError('UPLOAD_TOO_LARGE', { name: 'file', megabytes: AUDIO_BYTES / 1024 / 1024 }, { cause: error })
    throw error instanceof AppError ? error : formFailure(error)
  }
  if (!audio) throw new AppError('BAD_INPUT', { reason: 'there is no multipart field "file"' })
  return { ...form, audio }
}
