// @ts-check
import { definePlugin, ProviderError } from '@kav/core'
import { FRAME_MS, Gate } from './gate.js'
import { params } from './params.js'

/** Takes noise out before a recogniser hears it; what happens when that fails is Kav's. */
export default definePlugin({
  contract: 1,
  kind: 'denoise',
  name: 'acme-denoise',
  description: 'Noise told from its level, and made quieter.',
  params,

  create(params) {
    let closed = false

    return {
      sampleRatesHz: [8000, 16_000],
      delayMs: FRAME_MS,

      // One caller's: what it remembers of them is in no other.
      openSession(sampleRateHz) {
        if (closed) throw new ProviderError('cancelled', 'acme-denoise: it is closed')
        const gate = new Gate(sampleRateHz, params.noise_db)
        let left = false
        return {
          // In place. A filter that takes longer than a lookup does it in a worker, and gives a promise.
          clean(samples) {
            if (closed || left) throw new ProviderError('cancelled', 'acme-denoise: it is closed')
            gate.process(samples)
          },
          close() {
            left = true
          },
        }
      },

      async close() {
        closed = true
      },
    }
  },
})
