import type { AudioFormat } from '../../contracts/audio.ts'
import { type Converter, createConverter } from '../../audio/convert.ts'
import { createWavStripper } from '../../audio/wav.ts'

/** A voice's chunks in the call's format, without the header some voices send. A chunk is lent until the next. */
export async function* convertedSpeech(
  chunks: AsyncIterable<Uint8Array>,
  produced: AudioFormat,
  wanted: AudioFormat,
): AsyncGenerator<Uint8Array> {
  const stripper = createWavStripper()
  let converter: Converter | undefined
  for await (const chunk of chunks) {
    const audio = stripper.strip(chunk)
    if (audio.length === 0) continue
    // The header knows better than the agreement what follows it.
    converter ??= createConverter(stripper.declared ?? produced, wanted)
    const converted = converter.convert(audio)
    if (converted.length > 0) yield converted
  }
  const rest = stripper.flush()
  converter ??= createConverter(produced, wanted)
  if (rest.length > 0) yield converter.convert(rest)
  const tail = converter.flush()
  if (tail.length > 0) yield tail
}
