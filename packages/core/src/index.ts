/** What a plugin author needs: the contracts, `definePlugin`, and audio formats. */
export * from './contracts/index.ts'
export * from './audio/index.ts'
export { escapeSsml } from './language/escape-ssml.ts'
export { ERROR_CODES, type ErrorCode, type ErrorEntry } from './errors.ts'
export { createToolKit } from './tools/create-tool-kit.ts'
