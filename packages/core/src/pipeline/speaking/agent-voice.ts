import { FRAME_MS } from '../../contracts/audio.ts'
import { toUs } from '../../kit/whole-us.ts'

/**
 * When the agent's voice is in the caller's ear, by the playout clock: stretches of it, told when they are over. What
 * was discarded unheard is in none. The TX worker tells of every frame of voice, so a frame costs two comparisons.
 */
export interface AgentVoice {
  /** A frame of voice went out that will be played from `fromUs` on. */
  sent(fromUs: number): void
  /** What the far end had not played by now was discarded. */
  cleared(nowUs: number): void
  /** No more comes: what is still being played at `nowUs` ends there. */
  end(nowUs: number): void
}

/** A shorter hole is one of the network's, not the agent's. */
const JOIN_US = 100_000
const FRAME_US = toUs(FRAME_MS)

export function createAgentVoice(onHeard: (startUs: number, endUs: number) => void): AgentVoice {
  return new Voice(onHeard)
}

/** A class: it is told of every frame. */
class Voice implements AgentVoice {
  readonly #onHeard: (startUs: number, endUs: number) => void
  #startUs = 0
  #endUs = -Infinity

  constructor(onHeard: (startUs: number, endUs: number) => void) {
    this.#onHeard = onHeard
  }

  sent(fromUs: number): void {
    if (fromUs - this.#endUs > JOIN_US) {
      this.#tell()
      this.#startUs = fromUs
    }
    this.#endUs = fromUs + FRAME_US
  }

  cleared(nowUs: number): void {
    this.#endUs = Math.min(this.#endUs, nowUs)
  }

  end(nowUs: number): void {
    this.cleared(nowUs)
    this.#tell()
    this.#endUs = -Infinity
  }

  #tell(): void {
    if (this.#endUs > this.#startUs) this.#onHeard(this.#startUs, this.#endUs)
  }
}
