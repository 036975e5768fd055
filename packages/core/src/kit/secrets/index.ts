export { Redactor } from './redactor.ts'
export { isSecretKey } from './secret-keys.ts'
export { looksSecret } from './secret-shapes.ts'
export { type FoundSecrets, secretsOf } from './secrets-of.ts'
