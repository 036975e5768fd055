import type { ProviderError } from '@kav/core'
import type { AskedBatch } from './read-reply.ts'

/** Of one caller; the samples are theirs, and are replaced where they are. */
export interface Piece {
  readonly session: number
  readonly samples: Int16Array
  resolve(): void
  reject(error: ProviderError): void
}

export interface BatchRequest {
  readonly batch: number
  readonly sessions: readonly number[]
  readonly lengths: readonly number[]
  readonly samples: Int16Array<ArrayBuffer>
}

/** Pieces of all calls of a worker: those that come while it is at work go to it together, one batch at a time. */
export interface PieceBatches {
  readonly asked: AskedBatch | undefined
  add(piece: Piece): void
  /** What the worker made of the batch that was asked. */
  answer(samples: Int16Array): void
  /** No piece is worked on any more. */
  fail(error: ProviderError): void
}

export function createPieceBatches(ask: (request: BatchRequest) => void): PieceBatches {
  let batches = 0
  let waiting: Piece[] = []
  let underWay: (AskedBatch & { readonly pieces: readonly Piece[] }) | undefined
  let isAsking = false

  function next(): void {
    isAsking = false
    if (underWay || waiting.length === 0) return
    const pieces = waiting
    waiting = []
    const lengths = pieces.map((piece) => piece.samples.length)
    const samples = new Int16Array(lengths.reduce((sum, length) => sum + length, 0))
    let at = 0
    for (const piece of pieces) {
      samples.set(piece.samples, at)
      at += piece.samples.length
    }
    underWay = { batch: ++batches, samples: samples.length, pieces }
    ask({ batch: batches, sessions: pieces.map((piece) => piece.session), lengths, samples })
  }

  return {
    get asked() {
      return underWay
    },
    add(piece) {
      waiting.push(piece)
      if (isAsking || underWay) return
      isAsking = true
      // The calls that are due in this turn of the event loop are one batch.
      queueMicrotask(next)
    },
    answer(samples) {
      const pieces = underWay?.pieces ?? []
      underWay = undefined
      let at = 0
      for (const piece of pieces) {
        piece.samples.set(samples.subarray(at, at + piece.samples.length))
        at += piece.samples.length
        piece.resolve()
      }
      next()
    },
    fail(error) {
      const left = [...(underWay?.pieces ?? []), ...waiting]
      underWay = undefined
      waiting = []
      for (const piece of left) piece.reject(error)
    },
  }
}
