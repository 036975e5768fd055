// How long people pause inside a turn. Silent pauses of spontaneous speech are log-normal with modes below 200 ms, at
// 200 to 1000 ms and, in spontaneous speech alone, above (Campione & Véronis, A large-scale multilingual study of silent
// pause duration, Speech Prosody 2002); a speaker's own pauses in dialogue have their median near half a second and a
// long tail (Heldner & Edlund, Pauses, gaps and overlaps in conversations, Journal of Phonetics 38, 2010). The brief
// ones are inside words for a detector, so what is drawn here is cut to 0.2 to 2.5 s.

const MIN_MS = 200
const MAX_MS = 2500

/** Median and spread of the logarithm; those who look for a word take longer, digits are read in groups. */
const PLACES = {
  conjunction: { medianMs: 550, sigma: 0.65 },
  filler: { medianMs: 750, sigma: 0.65 },
  number: { medianMs: 450, sigma: 0.5 },
  clause: { medianMs: 500, sigma: 0.65 },
}
export const PAUSE_PLACES = Object.keys(PLACES)

/** Whole frames. Out of bounds is drawn again, so that nothing heaps up at the ends. */
export function drawPauseMs(place, random) {
  const { medianMs, sigma } = PLACES[place]
  for (;;) {
    const ms = medianMs * Math.exp(sigma * normal(random))
    if (ms >= MIN_MS && ms <= MAX_MS) return Math.round(ms / 20) * 20
  }
}

/** Box and Muller. */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
