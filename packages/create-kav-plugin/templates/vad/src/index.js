// @ts-check
import { definePlugin } from '@kav/core'
import { levelDb, probabilityOf } from './level.js'
import { params } from './params.js'

const WINDOW_SAMPLES = 256

/** Only says how likely each window is voice; onset, hangover and minimum durations are Kav's. */
export default definePlugin({
  contract: 1,
  kind: 'vad',
  name: 'acme-vad',
  description: 'Voice told from its level.',
  params,

  create(params) {
    return {
      sampleRateHz: 8000,
      windowSamples: WINDOW_SAMPLES, // 32 ms
      threshold: 0.5,

      // A level remembers nothing. A detector that does keeps it here: state is the stream's, whatever its place.
      openStream: () => ({ close() {} }),

      // One window of every call of the process, in one batch. Both arrays are lent until it returns.
      rate(streams, windows, probabilities) {
        streams.forEach((_stream, place) => {
          const db = levelDb(windows, place * WINDOW_SAMPLES, WINDOW_SAMPLES)
          probabilities[place] = probabilityOf(db, params.voice_db)
        })
      },

      async close() {},
    }
  },
})
