import { parentPort } from 'node:worker_threads'
import { createDenoiser, type Denoiser, loadDenoisers } from './denoiser.ts'

/** What the media thread sends. */
export type WorkerMessage =
  | { readonly type: 'open'; readonly session: number; readonly sampleRateHz: number }
  | { readonly type: 'close'; readonly session: number }
  /** Pieces of several calls, one after the other in `samples`; as many of each as `lengths` says. */
  | {
      readonly type: 'clean'
      /** Comes back with the answer. */
      readonly batch: number
      readonly sessions: readonly number[]
      readonly lengths: readonly number[]
      readonly samples: Int16Array<ArrayBuffer>
    }

/** What comes back: `ready` once, `clean` per batch. Anything thrown ends the worker and reaches its `error` event. */
export type WorkerReply =
  | { readonly type: 'ready' }
  | { readonly type: 'clean'; readonly batch: number; readonly samples: Int16Array<ArrayBuffer> }

const port = parentPort
if (port !== null) {
  const denoisers = new Map<number, Denoiser>()
  loadDenoisers()
  port.on('message', (message: WorkerMessage) => {
    if (message.type === 'open') {
      denoisers.set(message.session, createDenoiser(message.sampleRateHz))
    } else if (message.type === 'close') {
      denoisers.get(message.session)?.free()
      denoisers.delete(message.session)
    } else {
      const { batch, sessions, lengths, samples } = message
      let at = 0
      sessions.forEach((session, index) => {
        const end = at + lengths[index]!
        // One that was closed meanwhile has nobody who listens.
        denoisers.get(session)?.process(samples.subarray(at, end))
        at = end
      })
      port.postMessage({ type: 'clean', batch, samples } satisfies WorkerReply, [samples.buffer])
    }
  })
  port.postMessage({ type: 'ready' } satisfies WorkerReply)
}
