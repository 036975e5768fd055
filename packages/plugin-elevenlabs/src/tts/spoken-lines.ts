import { type ProviderError } from '@kav/core'
import { faultOf, type FaultRules, jsonMessage } from '@kav/core/kit'

/** A line holds the audio of a second or two as base64; what is longer is none. */
const MAX_LINE_CHARS = 4_000_000

/** Objects of a body that has one in each line (`…/stream/with-timestamps`), as they come. Empty lines are left out. */
export async function* jsonLines(
  body: AsyncIterable<Uint8Array>,
  faults: FaultRules,
): AsyncGenerator<Readonly<Record<string, unknown>>, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop()!
    if (rest.length > MAX_LINE_CHARS) throw odd(faults)
    for (const line of lines) if (line.trim() !== '') yield objectIn(line, faults)
  }
  if (rest.trim() !== '') yield objectIn(rest, faults)
}

function objectIn(line: string, faults: FaultRules): Readonly<Record<string, unknown>> {
  const message = jsonMessage(line)
  if (message === undefined) throw odd(faults)
  return message
}

function odd(faults: FaultRules): ProviderError {
  return faultOf({ errorClass: 'bad-data', said: 'a line that is no JSON object' }, faults)
}
