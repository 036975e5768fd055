import type { AudioFormat } from '../../contracts/audio.ts'
import { asWritten } from '../../language/spoken-form/rules/spoken-text.ts'
import { createConverter } from '../../audio/convert.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { type QueueOptions, queueSpeech } from './speech.ts'

/** A line that was recorded beforehand, for when no voice works: checked and read when the pipeline is loaded. */
export interface RecordedLine {
  /** What is said in it: stands in the history and the record. */
  readonly text: string
  /** Linear, one channel, at the rate of the recording. */
  readonly format: AudioFormat
  readonly audio: Uint8Array
}

/** The line of each language that has one, by tag; that of the pipeline itself under `FIRST_LANGUAGE`. */
export type RecordedLines = ReadonlyMap<string, RecordedLine>

export const FIRST_LANGUAGE = ''

/** In the call's language where there is one, else the pipeline's own: another language is better than silence. */
export function recordedLineIn(lines: RecordedLines | undefined, tag: string): RecordedLine | undefined {
  return lines?.get(tag) ?? lines?.get(FIRST_LANGUAGE)
}

/** Queues the line as a clause of the utterance, behind what was said before. Ends as `queueSpeech`. */
export async function speakRecordedLine(
  line: RecordedLine,
  parts: { readonly format: AudioFormat; readonly telemetry: CallTelemetry },
  how: QueueOptions & { readonly turn: number },
): Promise<void> {
  const clause = how.utterance.add(asWritten(line.text), how.round)
  const granted: QueueOptions['granted'] = async (signal) => {
    const grant = await how.granted(signal, clause)
    if (grant) parts.telemetry.recordedLine(how.turn, line.text)
    return grant
  }
  await queueSpeech(recordedSpeech(line, parts.format), clause, parts.format, { ...how, granted })
}

/** Converted as it is played: a long line must not hold up the other calls of the process. */
const CHUNK_BYTES = 3200

async function* recordedSpeech({ audio, format }: RecordedLine, to: AudioFormat): AsyncGenerator<Uint8Array> {
  const converter = createConverter(format, to)
  for (let at = 0; at < audio.length; at += CHUNK_BYTES)
    yield converter.convert(audio.subarray(at, at + CHUNK_BYTES))
  yield converter.flush()
}
