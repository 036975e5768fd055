/**
 * Entries in order: media lies in one slab, so a frame costs no allocation; control entries keep their place among
 * it. Grows from what an idle call needs to its bound; above the bound a little at a time, for control entries that
 * may not be dropped.
 */
export class FrameRing<Control> {
  depth = 0
  mediaDepth = 0
  maxDepth = 0
  readonly #maxFrames: number
  readonly #frameBytes: number
  #slots: number
  #slab: Buffer
  /** Media length of each slot; the slot holds a control entry where `#controls` has one. */
  #lengths: Uint16Array
  #controls: (Control | undefined)[]
  #head = 0

  constructor(maxFrames: number, frameBytes: number) {
    this.#maxFrames = maxFrames
    this.#frameBytes = frameBytes
    this.#slots = Math.min(maxFrames, FIRST_SLOTS)
    this.#slab = Buffer.allocUnsafeSlow(this.#slots * frameBytes)
    this.#lengths = new Uint16Array(this.#slots)
    this.#controls = new Array<Control | undefined>(this.#slots).fill(undefined)
  }

  appendMedia(bytes: Uint8Array): void {
    const slot = this.#append()
    this.#slab.set(bytes, slot * this.#frameBytes)
    this.#lengths[slot] = bytes.length
    this.mediaDepth++
  }

  appendControl(control: Control): void {
    // First the slot: making room for it may replace `#controls`.
    const slot = this.#append()
    this.#controls[slot] = control
  }

  /** The oldest entry; `undefined` without one. */
  get head(): 'media' | 'control' | undefined {
    if (this.depth === 0) return undefined
    return this.#controls[this.#head] === undefined ? 'media' : 'control'
  }

  /** Copies the oldest media out; returns its length in bytes. */
  takeMedia(target: Uint8Array): number {
    const length = this.#lengths[this.#head]!
    const at = this.#head * this.#frameBytes
    target.set(this.#slab.subarray(at, at + length))
    this.mediaDepth--
    this.#removeHead()
    return length
  }

  takeControl(): Control {
    const control = this.#controls[this.#head]!
    this.#removeHead()
    return control
  }

  /** Empties the ring; hands back its control entries, oldest first. */
  clear(): Control[] {
    const controls: Control[] = []
    for (; this.depth > 0; this.#removeHead()) {
      const control = this.#controls[this.#head]
      if (control !== undefined) controls.push(control)
    }
    this.mediaDepth = 0
    return controls
  }

  #append(): number {
    if (this.depth === this.#slots) this.#grow()
    const index = this.#head + this.depth
    this.depth++
    if (this.depth > this.maxDepth) this.maxDepth = this.depth
    return index < this.#slots ? index : index - this.#slots
  }

  #removeHead(): void {
    this.#controls[this.#head] = undefined
    this.#head = this.#head + 1 === this.#slots ? 0 : this.#head + 1
    this.depth--
  }

  #grow(): void {
    const slots =
      this.#slots < this.#maxFrames
        ? Math.min(this.#slots * 2, this.#maxFrames)
        : this.#slots + CONTROL_RESERVE
    const size = this.#frameBytes
    const slab = Buffer.allocUnsafeSlow(slots * size)
    const lengths = new Uint16Array(slots)
    const controls = new Array<Control | undefined>(slots).fill(undefined)
    for (let position = 0; position < this.depth; position++) {
      const from = (this.#head + position) % this.#slots
      slab.set(this.#slab.subarray(from * size, (from + 1) * size), position * size)
      lengths[position] = this.#lengths[from]!
      controls[position] = this.#controls[from]
    }
    this.#slab = slab
    this.#lengths = lengths
    this.#controls = controls
    this.#slots = slots
    this.#head = 0
  }
}

/** Slots added at a time beyond the bound. */
const CONTROL_RESERVE = 16
/** Slots at first: an idle call holds little. */
const FIRST_SLOTS = 16
