import { createJitterRing } from './jitter-ring.ts'

/** What the scope of an AudioWorklet has; TypeScript's DOM does not know it. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
  abstract process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

/** 100 ms and a second, at 8 kHz. */
const LEAD_SAMPLES = 800
const MAX_SAMPLES = 8000
/** How much of a side the other ear hears: enough for one who hears with one ear. */
const ACROSS = 0.35

registerProcessor(
  'listen',
  class extends AudioWorkletProcessor {
    readonly #rings = [
      createJitterRing(LEAD_SAMPLES, MAX_SAMPLES),
      createJitterRing(LEAD_SAMPLES, MAX_SAMPLES),
    ]
    readonly #sides = [new Float32Array(128), new Float32Array(128)]

    constructor() {
      super()
      this.port.onmessage = ({ data }: MessageEvent<{ side: number; samples: Float32Array }>) =>
        this.#rings[data.side]?.put(data.samples)
    }

    process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
      const [left, right] = output!
      if (left!.length !== this.#sides[0]!.length)
        for (const at of [0, 1]) this.#sides[at] = new Float32Array(left!.length)
      const [caller, agent] = this.#sides
      this.#rings[0]!.take(caller!)
      this.#rings[1]!.take(agent!)
      for (let at = 0; at < left!.length; at++) {
        left![at] = caller![at]! + ACROSS * agent![at]!
        right![at] = agent![at]! + ACROSS * caller![at]!
      }
      return true
    }
  },
)
