import { faultOf, type FaultRules, jsonMessage, readLines } from '@kav/core/kit'

/** A line holds the audio of a second or two as base64; what is longer is none. */
const MAX_LINE_CHARS = 4_000_000

/** Objects of a body that has one in each line (`…/stream/with-timestamps`), as they come. Empty lines are left out. */
export async function* jsonLines(
  body: AsyncIterable<Uint8Array>,
  faults: FaultRules,
): AsyncGenerator<Readonly<Record<string, unknown>>, void> {
  for await (const line of readLines(body, { doing: faults.doing, maxLineChars: MAX_LINE_CHARS })) {
    const message = jsonMessage(line)
    if (message === undefined)
      throw faultOf({ errorClass: 'bad-data', said: 'a line that is no JSON object' }, faults)
    yield message
  }
}
