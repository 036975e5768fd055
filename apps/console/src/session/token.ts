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

/**
 * Signs in with the token of a link that `kav console` printed. True: there was one, and the address must be replaced,
 * so that nobody copies it with the token.
 */
export function takeTokenFromAddress(): boolean {
  const found = IN_FRAGMENT.exec(location.hash)?.[1]
  if (found === undefined) return false
  signIn(decodeURIComponent(found))
  return true
}
