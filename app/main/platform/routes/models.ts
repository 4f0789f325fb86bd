import type { FastifyInstance } from 'fastify'
import type { PlatformParts } from '../parts.ts'
export async function modelRoutes(_app: FastifyInstance, _parts: PlatformParts) {}
