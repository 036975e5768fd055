import { Redactor, secretsOf } from '@kav/core/kit'
import type { McpParams } from './mcp-params.ts'

const MAX_CHARS = 500

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
    // A scheme stands before a token.
    redactor.add(secret.replace(/^\w+ /, ''))
  }
  return (text) => redactor.clean(text.replace(/\s+/g, ' ').slice(0, MAX_CHARS))
}
