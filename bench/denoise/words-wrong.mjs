// Words that PocketSphinx gets wrong: the plugin's own recogniser, which expects what may be said.

import { encodeMulaw } from '../../packages/core/dist/audio/g711.js'
import { denoisedProviders } from '../../packages/core/dist/host.js'
import { localDenoise } from '../../packages/plugin-local/dist/denoise/index.js'
import { localStt } from '../../packages/plugin-local/dist/stt/index.js'
import { quietContext } from '../lib/quiet-context.mjs'
import { wordsOf } from './sound.mjs'

const FORMAT = { encoding: 'mulaw', sampleRateHz: 8000 }

/** `undefined` where PocketSphinx is not installed. */
export async function createWordMeter(hints) {
  const context = quietContext()
  // An utterance of half a minute is cleaned whole, however busy the machine is.
  const parts = { ...context, clock: { ...context.clock, nowMs: () => 0 } }
  const params = {
    hints: [],
    endpoint_silence_ms: 300,
    max_utterance_ms: 20_000,
    partials: false,
    rejection: false,
    workers: 1,
  }
  let plain
  try {
    plain = localStt.create(params, context)
  } catch {
    return undefined
  }
  const filter = localDenoise.create({ workers: 1 }, context)
  await filter.warm()
  const denoised = denoisedProviders(
    {
      stt: [{ name: 'stt', provider: plain }],
      languages: new Map(),
      sttDenoise: { name: 'rnnoise', provider: filter },
    },
    parts,
  ).stt[0].provider

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
  return { measure, close: () => Promise.all([plain.close(), filter.close()]) }
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
