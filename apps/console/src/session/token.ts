import { signal, type ReadonlySignal } from '@preact/signals'

const KEY = 'kav-token'
const IN_FRAGMENT = /^#token=([^&]+)/

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

/** Takes the token out of a link that `kav console` printed, and off the address, so that nobody copies it with it. */
export function takeTokenFromAddress(): void {
  const found = IN_FRAGMENT.exec(location.hash)?.[1]
  if (found === undefined) return
  history.replaceState(undefined, '', '#/live')
  signIn(decodeURIComponent(found))
}
