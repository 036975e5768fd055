// Voice of a known length whose true end is known to 10 ms: recordings without the silence round them, and for words
// that nobody recorded, stretches of recorded voice as long as those words.

import { createRandom } from '../../lib/random.mjs'
import { atLevel, concat, rmsOf, SAMPLES_PER_MS } from './level.mjs'

const CELL = 80
/** A cell 40 dB below the loudest is no voice. */
const SILENT_SHARE = 0.01
/** Shorter silence is part of a word (the closure of a stop). */
const INNER_GAP_CELLS = 7
const MIN_RUN_CELLS = 8
const FADE = 120

/** `recordings`: samples by name. `say` and `stretch` give `Float32Array`s that begin and end with voice. */
export function createVoice(recordings) {
  const runs = [...recordings.values()].flatMap(runsOf)
  return {
    /** These recordings, one after the other with `gapMs` between them; `undefined` where one is missing. */
    say(names, gapMs, levelDb) {
      const clips = names.map((name) => recordings.get(name))
      if (clips.includes(undefined)) return undefined
      const gap = new Float32Array(gapMs * SAMPLES_PER_MS)
      const pieces = clips.flatMap((clip, index) => [
        ...(index > 0 ? [gap] : []),
        atLevel(trimmed(clip), levelDb),
      ])
      return concat(pieces)
    },
    /** About `ms` of voice without a pause, the same for the same seed. */
    stretch(ms, seed, levelDb) {
      const random = createRandom(seed)
      const pieces = []
      let missing = ms * SAMPLES_PER_MS
      while (missing > 60 * SAMPLES_PER_MS) {
        const fitting = runs.filter((run) => run.length <= missing * 1.1)
        const run =
          fitting.length > 0 ? fitting[Math.floor(random() * fitting.length)] : cut(runs[0], missing)
        pieces.push(atLevel(run, levelDb))
        missing -= run.length
      }
      return concat(pieces)
    },
  }
}

function trimmed(clip) {
  const voiced = voicedCells(clip)
  return clip.subarray(voiced.indexOf(true) * CELL, (voiced.lastIndexOf(true) + 1) * CELL)
}

function voicedCells(clip) {
  const cells = Array.from({ length: Math.floor(clip.length / CELL) }, (_, n) =>
    rmsOf(clip, n * CELL, (n + 1) * CELL),
  )
  const loudest = Math.max(...cells)
  return cells.map((cell) => cell > loudest * SILENT_SHARE)
}

/** What is spoken without a pause. */
function runsOf(clip) {
  const voiced = voicedCells(clip)
  const runs = []
  let start = -1
  let last = -1
  for (let cell = 0; cell <= voiced.length; cell++) {
    if (voiced[cell] && start < 0) start = cell
    if (voiced[cell]) last = cell
    const over = start >= 0 && (cell === voiced.length || cell - last > INNER_GAP_CELLS)
    if (!over) continue
    if (last - start + 1 >= MIN_RUN_CELLS) runs.push(clip.subarray(start * CELL, (last + 1) * CELL))
    start = -1
  }
  return runs
}

function cut(run, samples) {
  const piece = Float32Array.from(run.subarray(0, Math.min(run.length, samples)))
  for (let n = 0; n < FADE; n++) piece[piece.length - 1 - n] *= n / FADE
  return piece
}
