import type { FleetCall, FleetEvent } from '../../contracts/call-directory.ts'

type Listener = (event: FleetEvent) => void

/** Those who watch a directory. One that throws is told to `onFault` and keeps nothing from the others. */
export class FleetWatchers {
  readonly #listeners = new Set<Listener>()
  readonly #onFault: (thrown: unknown) => void

  constructor(onFault: (thrown: unknown) => void) {
    this.#onFault = onFault
  }

  add(listener: Listener): () => void {
    // Its own object, so that one function may watch twice.
    const own: Listener = (event) => listener(event)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  tell(type: FleetEvent['type'], call: FleetCall): void {
    for (const listener of this.#listeners) {
      try {
        listener({ type, call })
      } catch (thrown) {
        this.#onFault(thrown)
      }
    }
  }

  /** A call of a node that is heard was `before` and is `after`: running ones begin and end. */
  tellChange(before: FleetCall | undefined, after: FleetCall | undefined): void {
    const ran = before?.state === 'running'
    const runs = after?.state === 'running'
    if (ran && !runs) this.tell('ended', before)
    if (!ran && runs) this.tell('began', after)
  }
}
