import { signal, type ReadonlySignal } from '@preact/signals'
import { fragmentOf, type Route, routeOf } from './route.ts'

const current = signal(routeOf(location.hash))

addEventListener('hashchange', () => (current.value = routeOf(location.hash)))

export const currentRoute: ReadonlySignal<Route> = current

/** Goes to another page. With `replace`, "back" does not lead to this one. */
export function goTo(route: Route, { replace = false } = {}): void {
  const fragment = fragmentOf(route)
  if (replace) history.replaceState(undefined, '', fragment)
  else history.pushState(undefined, '', fragment)
  current.value = routeOf(fragment)
}
