import { Redactor, secretsOf } from '@kav/core/kit'
import type { McpParams } from './mcp-params.ts'

const MAX_CHARS = 500

/** In what a server answers to the model: what is secret of the params, and nothing else. A region may be in an answer. */
export function hidingSecrets(params: McpParams): (text: string) => string {
  const redactor = new Redactor()
  for (const secret of secretsOf({ ...params }).texts) {
    redactor.add(secret)
    redactor.add(withoutScheme(secret))
  }
  return (text) => redactor.clean(text)
}

/** What a server answers may repeat a header, or a variable that it was given: neither is in what this gives. */
export function hiding(params: McpParams): (text: string) => string {
  const redactor = new Redactor()
  const given = [
    ...Object.values(params.headers ?? {}),
    ...Object.values(params.env ?? {}),
    ...(params.args ?? []),
  ]
  for (const secret of [...secretsOf({ ...params }).texts, ...given]) {
    redactor.add(secret)
    redactor.add(withoutScheme(secret))
  }
  return (text) => redactor.clean(text.replace(/\s+/g, ' ').slice(0, MAX_CHARS))
}

/** A scheme stands before a token: `Bearer …`. */
function withoutScheme(secret: string): string {
  return secret.replace(/^\w+ /, '')
}
