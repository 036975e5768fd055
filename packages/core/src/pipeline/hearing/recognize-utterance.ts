import { type AudioFormat, durationMs } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError } from '../../contracts/errors.ts'
import type { SttSessionOptions } from '../../contracts/stt.ts'
import { createConverter } from '../../audio/convert.ts'
import { attempt } from '../../kit/attempt.ts'
import { withDeadline } from '../../kit/deadline.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { type NamedStt, sttFormat } from './stt-routes.ts'

const REQUEST_LIMIT_MS = 10_000

/** Recognises one stretch of audio by the first provider that can. `undefined`: none could, or the call is over. */
export async function recognizeUtterance(parts: {
  providers: readonly NamedStt[]
  options: Omit<SttSessionOptions, 'region' | 'format'>
  format: AudioFormat
  audio: Uint8Array
  clock: Clock
  telemetry: CallTelemetry
}): Promise<string | undefined> {
  const { options, format, audio, telemetry } = parts
  for (const instance of parts.providers) {
    const { name: plugin, provider } = instance
    const to = sttFormat(instance, format)
    try {
      const request = attempt(() =>
        provider.recognize!(convertWhole(audio, format, to), { ...options, format: to }),
      )
      const doing = `${plugin}: recognize`
      const text = await withDeadline(parts.clock, REQUEST_LIMIT_MS, doing, request, options.signal)
      const audioMs = durationMs(format, audio.length)
      telemetry.stt.utteranceRecognized({ plugin, audioMs })
      telemetry.usage.heard(plugin, audioMs, 'core')
      return text
    } catch (thrown) {
      if (options.signal.aborted) return undefined
      telemetry.stt.utteranceFailed({ plugin, error: asProviderError(thrown, `${plugin}: recognize`) })
    }
  }
  return undefined
}

function convertWhole(audio: Uint8Array, from: AudioFormat, to: AudioFormat): Uint8Array {
  const converter = createConverter(from, to)
  const body = new Uint8Array(converter.convert(audio))
  const tail = converter.flush()
  const whole = new Uint8Array(body.length + tail.length)
  whole.set(body)
  whole.set(tail, body.length)
  return whole
}
