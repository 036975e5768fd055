/** 4 s of windows. */
const WINDOWS = 128

const SILENT = 0
const OWN = 1
const OTHER = 2

/** What the voice detector heard of late, window by window: nobody, the agent's echo, or somebody else. */
export class VoiceLog {
  readonly #kinds = new Uint8Array(WINDOWS)
  /** Windows so far. */
  #count = 0

  add(voiced: boolean, own: boolean): void {
    this.#kinds[this.#count++ % WINDOWS] = voiced ? (own ? OWN : OTHER) : SILENT
  }

  /** One of the last windows was an echo after all. `back` 1: the last one. */
  isOwnAfterAll(back: number): void {
    const at = (this.#count - back) % WINDOWS
    if (this.#kinds[at] === OTHER) this.#kinds[at] = OWN
  }

  /** Windows with somebody else's voice, of so many. */
  others(windows: number): number {
    return this.#among(windows, OTHER)
  }

  /** Windows with the agent's echo and nobody's voice over it. */
  own(windows: number): number {
    return this.#among(windows, OWN)
  }

  #among(windows: number, kind: number): number {
    const from = Math.max(0, this.#count - Math.min(windows, WINDOWS))
    let among = 0
    for (let at = from; at < this.#count; at++) if (this.#kinds[at % WINDOWS] === kind) among++
    return among
  }
}
