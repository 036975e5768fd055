import { SILERO_HIDDEN, type SileroShape } from './silero-weights.ts'

/**
 * What the media thread and the worker share, so that a batch crosses as one short message: the windows, the results
 * and every call's state. The two take turns: between the message out and the message back the worker owns all of it,
 * otherwise the media thread does.
 */
export interface BatchMemory {
  readonly buffer: SharedArrayBuffer
  /** Most calls it can hold, and most windows of one batch. */
  readonly capacity: number
  /** For each window of the batch, the slot of its call's state. */
  readonly slots: Int32Array
  readonly windows: Int16Array
  readonly probabilities: Float32Array
  readonly states: readonly Float32Array[]
}

/** Room for `capacity` calls, with the states of `previous` carried over. */
export function createBatchMemory(shape: SileroShape, capacity: number, previous?: BatchMemory): BatchMemory {
  const bytesPerCall = 4 + 4 + 2 * shape.windowSamples + 4 * stateLength(shape)
  const memory = viewBatchMemory(shape, capacity, new SharedArrayBuffer(capacity * bytesPerCall))
  previous?.states.forEach((state, slot) => memory.states[slot]?.set(state))
  return memory
}

/** The same memory seen from the other side. */
export function viewBatchMemory(
  shape: SileroShape,
  capacity: number,
  buffer: SharedArrayBuffer,
): BatchMemory {
  const length = stateLength(shape)
  const probabilitiesAt = 4 * capacity
  const windowsAt = probabilitiesAt + 4 * capacity
  const statesAt = windowsAt + 2 * capacity * shape.windowSamples
  return {
    buffer,
    capacity,
    slots: new Int32Array(buffer, 0, capacity),
    probabilities: new Float32Array(buffer, probabilitiesAt, capacity),
    windows: new Int16Array(buffer, windowsAt, capacity * shape.windowSamples),
    states: Array.from(
      { length: capacity },
      (_, slot) => new Float32Array(buffer, statesAt + 4 * slot * length, length),
    ),
  }
}

function stateLength(shape: SileroShape): number {
  return 2 * SILERO_HIDDEN + shape.contextSamples
}
