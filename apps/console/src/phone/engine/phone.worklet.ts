import type { EngineCommand } from './engine-messages.ts'
import { createPhoneEngine, type PhoneEngine } from './phone-engine.ts'

// The scope of an audio worklet, of which TypeScript's DOM library knows nothing.
declare const sampleRate: number
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(
  name: string,
  processor: new (options: { readonly processorOptions: { readonly seed: number } }) => AudioWorkletProcessor,
): void

/** The engine on the thread of the sound. */
class PhoneProcessor extends AudioWorkletProcessor {
  readonly #engine: PhoneEngine

  constructor({ processorOptions: { seed } }: { readonly processorOptions: { readonly seed: number } }) {
    super()
    this.#engine = createPhoneEngine({
      sampleRateHz: sampleRate,
      seed,
      onTold(told) {
        const bytes = told.type === 'send' && told.message.type === 'media' ? [told.message.audio.buffer] : []
        port.postMessage(told, bytes)
      },
    })
    const { port } = this
    port.onmessage = ({ data }: MessageEvent<EngineCommand>) => this.#engine.take(data)
  }

  process(
    inputs: readonly (readonly Float32Array[])[],
    outputs: readonly (readonly Float32Array[])[],
  ): boolean {
    const [first, ...others] = outputs[0] ?? []
    if (first === undefined) return true
    this.#engine.process(inputs[0]?.[0], first)
    for (const channel of others) channel.set(first)
    return true
  }
}

registerProcessor('kav-phone', PhoneProcessor)
