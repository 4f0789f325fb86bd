import manifest from '../../../package.json' with { type: 'json' }

/** This Pilothouse, as in package.json. */
export const version: string = manifest.version
