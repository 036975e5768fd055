import type { Level } from '@kav/client'

/** The last stretch of a call's levels, as uPlot takes them. */
export interface LevelHistory {
  add(level: Level): void
  /** Seconds of the call, rx-queue, tx-queue, underruns since the point before. */
  columns(): readonly [number[], number[], number[], number[]]
}

/** Two minutes of five a second. */
const MAX_POINTS = 600

export function createLevelHistory(): LevelHistory {
  const seconds: number[] = []
  const rx: number[] = []
  const tx: number[] = []
  const underruns: number[] = []
  let before: number | undefined
  return {
    add(level) {
      // After a loss of the line the call's clock goes on: no point comes twice.
      if (level.atMs / 1000 <= (seconds.at(-1) ?? -1)) return
      seconds.push(level.atMs / 1000)
      rx.push(level.rxQueue)
      tx.push(level.txQueue)
      underruns.push(Math.max(0, level.underruns - (before ?? level.underruns)))
      before = level.underruns
      if (seconds.length > MAX_POINTS) for (const column of [seconds, rx, tx, underruns]) column.shift()
    },
    columns: () => [seconds, rx, tx, underruns],
  }
}
