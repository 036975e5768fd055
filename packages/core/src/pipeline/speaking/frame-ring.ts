/**
 * Entries in order: media lies in one slab, so a frame costs no allocation; control entries keep their place among
 * it. Grows from nothing to its bound; above the bound a little at a time, for control entries that may not be
 * dropped. Empty, it gives back all but the first slots: most of a call nobody speaks far ahead.
 */
export class FrameRing<Control> {
  depth = 0
  mediaDepth = 0
  maxDepth = 0
  readonly #maxFrames: number
  readonly #frameBytes: number
  #slots = 0
  #slab = new Uint8Array(0)
  /** Media length of each slot, or `CONTROL`. */
  #lengths = new Uint16Array(0)
  /** The control entries, oldest first. */
  readonly #controls: Control[] = []
  #head = 0

  constructor(maxFrames: number, frameBytes: number) {
    this.#maxFrames = maxFrames
    this.#frameBytes = frameBytes
  }

  /** Copies in the bytes from `from` to `end`. */
  appendMedia(bytes: Uint8Array, from: number, end: number): void {
    const slot = this.#append()
    const slab = this.#slab
    const at = slot * this.#frameBytes - from
    // A view of these few bytes would cost more than the bytes.
    for (let index = from; index < end; index++) slab[at + index] = bytes[index]!
    this.#lengths[slot] = end - from
    this.mediaDepth++
  }

  appendControl(control: Control): void {
    // First the slot: making room for it may replace `#lengths`.
    const slot = this.#append()
    this.#lengths[slot] = CONTROL
    this.#controls.push(control)
  }

  /** Entries there is memory for now. */
  get slots(): number {
    return this.#slots
  }

  /** The oldest entry; `undefined` without one. */
  get head(): 'media' | 'control' | undefined {
    if (this.depth === 0) return undefined
    return this.#lengths[this.#head] === CONTROL ? 'control' : 'media'
  }

  /** Copies the oldest media out; returns its length in bytes. */
  takeMedia(target: Uint8Array): number {
    const length = this.#lengths[this.#head]!
    const at = this.#head * this.#frameBytes
    const slab = this.#slab
    for (let index = 0; index < length; index++) target[index] = slab[at + index]!
    this.mediaDepth--
    this.#removeHead()
    return length
  }

  takeControl(): Control {
    this.#removeHead()
    return this.#controls.shift()!
  }

  /** Empties the ring; hands back its control entries, oldest first. */
  clear(): Control[] {
    this.#head = 0
    this.depth = 0
    this.mediaDepth = 0
    if (this.#slots > FIRST_SLOTS) this.#shrink()
    return this.#controls.splice(0)
  }

  #append(): number {
    if (this.depth === this.#slots) this.#grow()
    const index = this.#head + this.depth
    this.depth++
    if (this.depth > this.maxDepth) this.maxDepth = this.depth
    return index < this.#slots ? index : index - this.#slots
  }

  #removeHead(): void {
    this.#head = this.#head + 1 === this.#slots ? 0 : this.#head + 1
    this.depth--
    if (this.depth === 0 && this.#slots > FIRST_SLOTS) this.#shrink()
  }

  #shrink(): void {
    this.#slots = FIRST_SLOTS
    this.#slab = new Uint8Array(FIRST_SLOTS * this.#frameBytes)
    this.#lengths = new Uint16Array(FIRST_SLOTS)
    this.#head = 0
  }

  #grow(): void {
    const slots =
      this.#slots < this.#maxFrames
        ? Math.min(Math.max(FIRST_SLOTS, this.#slots * 2), this.#maxFrames)
        : this.#slots + CONTROL_RESERVE
    const size = this.#frameBytes
    const slab = new Uint8Array(slots * size)
    const lengths = new Uint16Array(slots)
    for (let position = 0; position < this.depth; position++) {
      const from = (this.#head + position) % this.#slots
      slab.set(this.#slab.subarray(from * size, (from + 1) * size), position * size)
      lengths[position] = this.#lengths[from]!
    }
    this.#slab = slab
    this.#lengths = lengths
    this.#slots = slots
    this.#head = 0
  }
}

/** In place of a length: the slot's entry is the next of the controls. */
const CONTROL = 0xffff
/** Slots added at a time beyond the bound. */
const CONTROL_RESERVE = 16
/** Slots with the first entry, and whenever it is empty: a voice that is made as it is heard needs no more. */
const FIRST_SLOTS = 16
