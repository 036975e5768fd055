import type { Figures } from '../metrics.ts'
import { sumOf } from './worker-figures.ts'

/** Whose figures they are. */
type Teller = object

/**
 * What workers have counted, in sum. It never goes back: one that is late to tell is what it was before, and what one
 * that has ended had counted stays. Prometheus takes a counter that goes back for one that began anew, and would count
 * everything of the others once more.
 */
export class SummedFigures {
  readonly #last = new Map<Teller, Figures>()
  #ended: Figures = []

  told(by: Teller, figures: Figures): void {
    this.#last.set(by, figures)
  }

  /** Of those that are there, and what grew in those that were. */
  async of(there: readonly Teller[]): Promise<readonly Figures[]> {
    for (const [teller, figures] of this.#last) {
      if (there.includes(teller)) continue
      this.#last.delete(teller)
      this.#ended = await sumOf([this.#ended, figures.filter(grows)])
    }
    return [...this.#last.values(), this.#ended]
  }
}

function grows({ type }: Figures[number]): boolean {
  // As prom-client writes it in figures; its declaration says numbers.
  return ['counter', 'histogram'].includes(String(type))
}
