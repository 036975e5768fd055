/**
 * The share of calls that find all `places` taken, `erlangs` being calls a second times their mean length in seconds
 * (Erlang's B formula; any distribution of lengths).
 */
export function erlangB(erlangs, places) {
  let blocked = 1
  for (let place = 1; place <= places; place++) blocked = (erlangs * blocked) / (place + erlangs * blocked)
  return blocked
}

/** The fewest places that refuse no larger share of the calls than `share`. */
export function placesFor(erlangs, share) {
  let blocked = 1
  let places = 0
  while (blocked > share) {
    places++
    blocked = (erlangs * blocked) / (places + erlangs * blocked)
  }
  return places
}
