import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// @types/node leaves WebAssembly to the DOM library, which this code does not have.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

/** RNNoise works on 10 ms at 48 kHz. */
export const RNNOISE_RATE_HZ = 48_000
export const RNNOISE_FRAME_SAMPLES = 480

/** RNNoise for one thread; the streams of all its calls lie in one memory. */
export interface RnnoiseEngine {
  openStream(): RnnoiseStream
}

export interface RnnoiseStream {
  /** Replaces 480 samples (range of 16 bits) by the same without noise, 10 ms later than they were given. */
  process(frame: Float32Array): void
  free(): void
}

interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): void
}

/** The exports of the build of jitsi (emscripten), whose names are short. */
interface RnnoiseExports {
  readonly memory: WasmMemory
  readonly constructors: () => void
  readonly create: (model: number) => number
  readonly destroy: (state: number) => void
  readonly malloc: (bytes: number) => number
  readonly processFrame: (state: number, out: number, into: number) => number
}

const PAGE_BYTES = 65_536

/** Reads and compiles the engine (once a thread). Throws when the file is not the one of 0.2.1. */
export function loadRnnoiseEngine(): RnnoiseEngine {
  const file = createRequire(import.meta.url).resolve('@jitsi/rnnoise-wasm/dist/rnnoise.wasm')
  const engine = instantiate(new Uint8Array(readFileSync(file)))
  engine.constructors()
  // Apart from each other: it reads its input while it writes.
  const given = engine.malloc(4 * RNNOISE_FRAME_SAMPLES)
  const got = engine.malloc(4 * RNNOISE_FRAME_SAMPLES)
  return {
    openStream() {
      const state = engine.create(0)
      return {
        process(frame) {
          // The memory may have grown since: a view of it does not outlive a call.
          new Float32Array(engine.memory.buffer, given, RNNOISE_FRAME_SAMPLES).set(frame)
          engine.processFrame(state, got, given)
          frame.set(new Float32Array(engine.memory.buffer, got, RNNOISE_FRAME_SAMPLES))
        },
        free: () => engine.destroy(state),
      }
    },
  }
}

function instantiate(bytes: Uint8Array<ArrayBuffer>): RnnoiseExports {
  const memory = (): WasmMemory => exports['c'] as WasmMemory
  const imports = {
    /** Makes the memory that large, if it can. */
    a(wantedBytes: number): number {
      try {
        memory().grow(Math.ceil((wantedBytes - memory().buffer.byteLength) / PAGE_BYTES))
        return 1
      } catch {
        return 0
      }
    },
    b(to: number, from: number, length: number): void {
      new Uint8Array(memory().buffer).copyWithin(to, from, from + length)
    },
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { a: imports })
  const { d: constructors, f: create, g: malloc, h: destroy, j: processFrame } = exports
  return { memory: memory(), constructors, create, destroy, malloc, processFrame } as RnnoiseExports
}
