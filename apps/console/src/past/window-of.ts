export interface ListWindow {
  /** The rows to be drawn: from `first`, up to and without `end`. */
  readonly first: number
  readonly end: number
}

/** Rows drawn beyond either edge, so that none is missing while the next ones are drawn. */
export const OVERSCAN_ROWS = 8

/** Rows come and go by so many at once: between two of these steps, scrolling draws nothing anew. */
export const STEP_ROWS = 4

/** Which of `count` rows of one height stand in a box of `boxPx` that was scrolled by `scrollPx`. */
export function windowOf(parts: {
  readonly scrollPx: number
  readonly boxPx: number
  readonly rowPx: number
  readonly count: number
}): ListWindow {
  const { scrollPx, boxPx, rowPx, count } = parts
  const inSteps = (rows: number, round: (steps: number) => number): number =>
    round(rows / STEP_ROWS) * STEP_ROWS
  const first = inSteps(Math.max(0, scrollPx) / rowPx - OVERSCAN_ROWS, Math.floor)
  const end = inSteps((Math.max(0, scrollPx) + boxPx) / rowPx + OVERSCAN_ROWS, Math.ceil)
  return { first: Math.min(Math.max(0, first), count), end: Math.min(Math.max(0, end), count) }
}

/** How far to scroll so that a row stands whole in the box; as it is where it does already. */
export function scrollTo(row: number, parts: { scrollPx: number; boxPx: number; rowPx: number }): number {
  const { scrollPx, boxPx, rowPx } = parts
  const top = row * rowPx
  if (top < scrollPx) return top
  return top + rowPx > scrollPx + boxPx ? top + rowPx - boxPx : scrollPx
}
