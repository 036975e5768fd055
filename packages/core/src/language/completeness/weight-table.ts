/**
 * Weights of features that were worth learning, by their hashes, in two bytes each; any other feature weighs nothing.
 * Open addressing with a byte of the hash beside the weight: of features that are not there, about 1 in 100 is taken
 * for another one at three quarters full. Training writes it, the model reads it.
 *
 * Bytes: a tag for every slot (0: free), then a signed weight for every slot. Slots are a power of two, and one is free.
 */
export interface WeightTable {
  /** In steps of the model's scale; 0: not there. */
  weightOf(feature: number): number
}

export function readWeightTable(bytes: Uint8Array): WeightTable {
  const slots = bytes.length / 2
  const weights = new Int8Array(bytes.buffer, bytes.byteOffset + slots, slots)
  return {
    weightOf(feature) {
      const slot = slotOf(bytes, slots, feature)
      return bytes[slot] === 0 ? 0 : weights[slot]!
    },
  }
}

/** `weights`: whole numbers from -127 to 127 by feature, fewer than `slots`; the first ones are found soonest. */
export function writeWeightTable(weights: ReadonlyMap<number, number>, slots: number): Uint8Array {
  const bytes = new Uint8Array(2 * slots)
  for (const [feature, weight] of weights) {
    const slot = slotOf(bytes, slots, feature)
    // Another one with the same tag is in the way: the one before, the heavier, stays.
    if (bytes[slot] !== 0) continue
    bytes[slot] = tagOf(feature)
    bytes[slots + slot] = weight & 255
  }
  return bytes
}

/** Where it is, or a free slot. */
function slotOf(tags: Uint8Array, slots: number, feature: number): number {
  const tag = tagOf(feature)
  let slot = feature & (slots - 1)
  while (tags[slot] !== 0 && tags[slot] !== tag) slot = (slot + 1) & (slots - 1)
  return slot
}

/** Of the bits that do not choose the slot. */
function tagOf(feature: number): number {
  return ((feature >>> 24) % 255) + 1
}
