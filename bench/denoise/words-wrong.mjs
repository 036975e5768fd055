// Words that PocketSphinx gets wrong: the plugin's own recogniser, which expects what may be said.

import { encodeMulaw } from '../../packages/core/dist/audio/g711.js'
import { localStt } from '../../packages/plugin-local/dist/stt/index.js'
import { quietContext } from '../lib/quiet-context.mjs'
import { wordsOf } from './sound.mjs'

const FORMAT = { encoding: 'mulaw', sampleRateHz: 8000 }

/** `undefined` where PocketSphinx is not installed. */
export function createWordMeter(hints) {
  const create = (denoise) => {
    const params = {
      hints: [],
      endpoint_silence_ms: 300,
      max_utterance_ms: 20_000,
      partials: false,
      rejection: false,
    }
    return localStt.create({ ...params, denoise, workers: 1 }, quietContext())
  }
  let plain
  let denoised
  try {
    plain = create(false)
    denoised = create(true)
  } catch {
    return undefined
  }

  /** `{ words, wrong }` of one scene in which `voices` speak one after another. */
  async function measure(samples, voices, denoise) {
    const { signal } = new AbortController()
    const stt = denoise ? denoised : plain
    const heard = wordsOf(
      await stt.recognize(encodeMulaw(samples), { callId: 'bench', format: FORMAT, hints, signal }),
    )
    const said = voices.flatMap(({ text }) => wordsOf(text))
    return { words: said.length, wrong: distance(said, heard) }
  }
  return { measure, close: () => Promise.all([plain.close(), denoised.close()]) }
}

/** Words inserted, left out and exchanged: Levenshtein. */
function distance(said, heard) {
  let row = heard.map((_, at) => at + 1)
  row.unshift(0)
  said.forEach((word, at) => {
    const next = [at + 1]
    heard.forEach((other, index) => {
      next.push(Math.min(row[index] + (word === other ? 0 : 1), row[index + 1] + 1, next[index] + 1))
    })
    row = next
  })
  return row.at(-1)
}
