import { signal, type ReadonlySignal } from '@preact/signals'
import { goTo } from '../routing/current-route.ts'
import { routeOf } from '../routing/route.ts'

const KEY = 'kav-token'
const IN_FRAGMENT = /^#token=([^&]+)(?:&to=([^&]+))?$/

const token = signal<string | undefined>(sessionStorage.getItem(KEY) ?? undefined)

/** Undefined: nobody is signed in. */
export const currentToken: ReadonlySignal<string | undefined> = token

/** Kept until the tab is closed. */
export function signIn(value: string): void {
  sessionStorage.setItem(KEY, value)
  token.value = value
}

export function signOut(): void {
  sessionStorage.removeItem(KEY)
  token.value = undefined
}

/**
 * Takes the token out of a link that `kav console` or `kav dev` printed, and off the address, so that nobody copies it
 * with it. What stands behind it is the page to go to.
 */
export function takeTokenFromAddress(): void {
  const [, found, page] = IN_FRAGMENT.exec(location.hash) ?? []
  if (found === undefined) return
  goTo(routeOf(`#${page === undefined ? '/live' : decodeURIComponent(page)}`), { replace: true })
  signIn(decodeURIComponent(found))
}
