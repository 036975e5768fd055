// How the scripted recogniser behaves in one scenario.

/** Silence after which a recogniser settles its segment; it lies between that of fast and of careful services. */
const FINAL_MS = [250, 1300]

/**
 * `finalMs`: a segment is settled after so much silence, also in a pause. `marks`: where sentence marks are written:
 * nowhere, in finals, or in partials, too. `wrongPartials`: share of partials whose last word is wrong.
 */
export function drawTraits(draw, marks) {
  return {
    finalMs: Math.round(draw.between(...FINAL_MS) / 10) * 10,
    marks: marks ?? draw.of(['none', 'finals', 'partials']),
    wrongPartials: draw.of([0, 0, 0.15]),
    lagMs: 150,
    partialEveryMs: 250,
  }
}
