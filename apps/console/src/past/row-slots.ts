/**
 * Which place of the document shows which row. A place that falls free is given to a row that comes in sight, so that
 * its elements are filled anew and not made anew; a row keeps its place for as long as it is shown.
 */
export interface RowSlots {
  /** The places of these rows, in their order. */
  place(rows: readonly number[]): readonly number[]
}

export function createRowSlots(): RowSlots {
  let taken = new Map<number, number>()
  const free: number[] = []
  let made = 0
  return {
    place(rows) {
      const shown = new Set(rows)
      for (const [row, slot] of taken) if (!shown.has(row)) free.push(slot)
      const next = new Map<number, number>()
      for (const row of rows) {
        const slot = taken.get(row)
        if (slot !== undefined) next.set(row, slot)
      }
      for (const row of rows) if (!next.has(row)) next.set(row, free.pop() ?? made++)
      taken = next
      return rows.map((row) => next.get(row)!)
    },
  }
}
