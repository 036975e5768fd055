import { ProviderError } from '../../contracts/errors.ts'
import { routeName, type SttRoute } from './stt-routes.ts'

/** A cough, or music, may be taken for a short word by the one recogniser and not by the other. */
const LEAST_CHARS = 8

/**
 * A route that opens sessions which say nothing. Voice alone proves nothing: a television is voice. That another route
 * hears words in the same audio does; then the process knows it, and no other call waits for that route in vain.
 */
export class DeafRoute {
  #suspect: { readonly route: SttRoute; readonly heardTo: number } | undefined

  /** It has said nothing of the caller's voice before `heardTo`, and another hears that again. */
  suspect(route: SttRoute, heardTo: number): void {
    this.#suspect = { route, heardTo }
  }

  /** A session of `route` says this of audio before `end`. */
  words(route: SttRoute, text: string, end: number): void {
    const suspect = this.#suspect
    if (!suspect || text.length < LEAST_CHARS) return
    this.#suspect = undefined
    const { health } = suspect.route
    if (health === route.health || end > suspect.heardTo) return
    const message = `${routeName(suspect.route)}: said nothing of speech in which ${routeName(route)} heard words`
    health.condemn(new ProviderError('timeout', message))
  }
}
