// @ts-check
import { definePlugin, ProviderError } from '@kav/core'
import { howLikelyDone } from './done.js'
import { params } from './params.js'

/** Only says how likely callers are done; when it is asked, and what follows, is Kav's. */
export default definePlugin({
  contract: 1,
  kind: 'turn',
  name: 'acme-turn',
  description: 'Ends of turns, told from the last words.',
  params,

  create(params) {
    const unfinished = new Set(params.unfinished.map((word) => word.toLowerCase()))
    let closed = false

    return {
      sampleRateHz: 8000,
      windowMs: 0, // the words are enough
      threshold: 0.5,

      // Every caller of the process who has just fallen silent, in one batch.
      async judge(questions, probabilities) {
        if (closed) throw new ProviderError('cancelled', 'acme-turn: it is closed')
        questions.forEach(({ text }, place) => (probabilities[place] = howLikelyDone(text, unfinished)))
      },

      async close() {
        closed = true
      },
    }
  },
})
