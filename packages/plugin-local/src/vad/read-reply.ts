import { Type } from '@sinclair/typebox'
import { createForeignReader, type ForeignRead } from '@kav/core/kit'
import { BLOCK_COLUMNS, HEAD_FLOATS } from './kernel.ts'
import {
  SILERO_HIDDEN,
  sileroShape,
  type Layer,
  type SileroSampleRateHz,
  type SileroWeights,
} from './silero-weights.ts'
import type { WorkerReply } from './vad-worker.ts'

const readReply = createForeignReader(
  Type.Object({
    type: Type.Union([Type.Literal('ready'), Type.Literal('done')]),
    batch: Type.Optional(Type.Integer()),
    weights: Type.Optional(Type.Unknown()),
  }),
)
/** What the worker sent, if it answers this batch; or what is wrong with it. Never throws. */
export function readWorkerReply(
  value: unknown,
  { batch, sampleRateHz }: { readonly batch: number | undefined; readonly sampleRateHz: SileroSampleRateHz },
): ForeignRead<WorkerReply> {
  const read = readReply(value)
  if (!read.ok) return read
  const { type, batch: rated, weights } = read.value
  if (type === 'ready') {
    if (weights === undefined) return { ok: true, value: { type } }
    return isWeights(weights, sampleRateHz)
      ? { ok: true, value: { type, weights } }
      : { ok: false, why: 'its weights are not those of the network' }
  }
  if (batch === undefined || rated !== batch) return { ok: false, why: 'it answers no batch that was asked' }
  return { ok: true, value: { type, batch } }
}

/** Whether they are those of the network, as far as sizes tell: of another size it would read past their ends. */
function isWeights(value: unknown, sampleRateHz: SileroSampleRateHz): value is SileroWeights {
  if (typeof value !== 'object' || value === null) return false
  const own = sileroShape(sampleRateHz)
  const half = own.transformSamples / 2
  const weights = value as Readonly<Record<keyof SileroWeights, unknown>>
  const { shape, encoder } = weights
  return (
    JSON.stringify(shape) === JSON.stringify(own) &&
    isLayer(weights.cosines, half, half) &&
    isLayer(weights.sines, half, half) &&
    Array.isArray(encoder) &&
    encoder.length === 4 &&
    isLayer(encoder[0], 128, 3 * own.bins) &&
    isLayer(encoder[1], 64, 3 * 128) &&
    isLayer(encoder[2], 64, 2 * 64) &&
    isLayer(encoder[3], 128, 64) &&
    isLayer(weights.lstm, 4 * SILERO_HIDDEN, 2 * SILERO_HIDDEN) &&
    isRow(weights.highestBin, half) &&
    isRow(weights.decoder, SILERO_HIDDEN) &&
    typeof weights.decoderBias === 'number'
  )
}

function isLayer(value: unknown, columns: number, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  const layer = value as Readonly<Record<keyof Layer, unknown>>
  const heads = (columns / BLOCK_COLUMNS) * HEAD_FLOATS
  const sized = layer.columns === columns && layer.depth === depth
  return sized && isRow(layer.blocks, columns * depth) && isRow(layer.heads, heads)
}

function isRow(value: unknown, length: number): boolean {
  return value instanceof Float32Array && value.length === length
}
