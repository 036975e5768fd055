import { definePlugin, type LiveFinding, messageOf } from '@kav/core'
import { finding } from '@kav/core/kit'
import { Type } from '@sinclair/typebox'
import { createRnnoiseProvider } from './denoise-provider.ts'
import { loadRnnoiseEngine } from './rnnoise-engine.ts'

const params = Type.Object(
  {
    workers: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 32,
      description:
        'Most threads that filter. The next one starts when each has eight calls; one call takes some 6 % of a core.',
    }),
  },
  { additionalProperties: false },
)

/** RNNoise on this machine, without a key or a network. */
export const localDenoise = definePlugin({
  kind: 'denoise',
  name: 'rnnoise',
  description: 'RNNoise on this machine: against a hiss, traffic or a machine, not against other talkers.',
  params,
  liveCheck,
  create: ({ workers }, { log, metrics, clock }) => createRnnoiseProvider({ workers, log, metrics, clock }),
})

/** Reads the engine as the first call does. */
async function liveCheck(): Promise<readonly LiveFinding[]> {
  try {
    loadRnnoiseEngine()
    return [finding.ok('RNNoise is here')]
  } catch (thrown) {
    const message = messageOf(thrown).split('\n', 1)[0]!.slice(0, 400)
    return [finding.error(message, 'Run npm install again: @jitsi/rnnoise-wasm carries it.')]
  }
}
