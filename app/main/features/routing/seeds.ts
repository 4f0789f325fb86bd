import type { FeatureRules } from '../../../shared/contracts/routing.ts'

/** Weight of a candidate of which nothing is said. */
export const USUAL_WEIGHT = 100

// Sandbox alone: known services bring their candidates by themselves when a key is added.
const served: readonly (readonly [name: string, description: string, model: string])[] = [
  ['text_to_image', 'Makes images from a text', 'sandbox-image'],
  ['image_to_image', 'Makes images from images and a text', 'sandbox-image'],
  ['text_generation', 'Continues or answers one text', 'sandbox-chat'],
  ['chat', 'Answers a conversation', 'sandbox-chat'],
  ['embedding', 'Turns texts into vectors', 'sandbox-embedding'],
  ['rerank', 'Orders documents by how well they answer a question', 'sandbox-rerank'],
  ['text_to_speech', 'Reads a text aloud', 'sandbox-speech'],
  ['speech_to_text', 'Writes down what is said', 'sandbox-transcription'],
]

/** What a fresh console brings: it answers each of them, offline. */
export const seeds: ReadonlyMap<string, FeatureRules> = new Map(
  served.map(([name, description, model]) => [
    name,
    {
      description,
      strategy: 'weighted',
      // A tier of its own, so that it stays behind whatever is added.
      candidates: [{ vendor: 'sandbox', service: 'sandbox', model, tier: 'sandbox', weight: USUAL_WEIGHT }],
    },
  ]),
)
