import { ProviderError } from '../../contracts/errors.ts'

export interface LineLimits {
  /** A longer line is none of a service's: `bad-data` is thrown. Default 4 million characters. */
  readonly maxLineChars?: number
  /** What failed, as that error's message begins. */
  readonly doing?: string
}

/**
 * The lines of a body as they come, for services that send an object of JSON in each; empty ones are left out, and the
 * last one needs no end. Leaving the iteration ends the body's.
 */
export async function* readLines(
  body: AsyncIterable<Uint8Array>,
  { maxLineChars = 4_000_000, doing = 'a stream of lines' }: LineLimits = {},
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of body) {
    const text = decoder.decode(piece, { stream: true })
    // A line that comes in many pieces is looked through once, at its end.
    if (!text.includes('\n')) rest += text
    else {
      const lines = (rest + text).split(/\r?\n/)
      rest = lines.pop()!
      for (const line of lines) if (line.trim() !== '') yield line
    }
    if (rest.length > maxLineChars)
      throw new ProviderError('bad-data', `${doing}: a line of more than ${maxLineChars} characters`)
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield rest
}
