import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { MULAW_8K, type PluginContext } from '@kav/core'
import { sttContract } from '@kav/core/testing'
import plugin from '../src/index.ts'
import {
  numberedFrames,
  openSpeechServer,
  type RecognitionScript,
  type SpeechServer,
} from '../src/testing/index.ts'

const KEY = 'contract-key'
const HALF_MS = 500

const understand = { framesPerWord: 5, wordsPerFinal: 4 }
/** How far ends behave that are no good. */
const FAULTY = {
  refusing: { refuse: 401 },
  silent: { refuse: 'hang' },
  stalling: { understand, freezeAtMs: HALF_MS },
} satisfies Readonly<Record<string, RecognitionScript>>

let server: SpeechServer
let cutting: SpeechServer
const faulty = new Map<keyof typeof FAULTY, SpeechServer>()

beforeAll(async () => {
  server = await openSpeechServer({ script: () => ({ understand }) })
  // The SDK makes a lost connection anew by itself; that one is cut for good.
  cutting = await openSpeechServer({
    script: ({ index }) => (index === 0 ? { understand, resetAtMs: HALF_MS } : { refuse: 'reset' }),
  })
  for (const [name, script] of Object.entries(FAULTY))
    faulty.set(name as keyof typeof FAULTY, await openSpeechServer({ script: () => script }))
})
afterAll(() => Promise.all([server, cutting, ...faulty.values()].map((one) => one.close())))

describe('stt contract', () => {
  const create = ({ host }: SpeechServer, context: PluginContext) =>
    plugin.create({ key: KEY, host, language: 'he-IL' }, context)
  const at = (name: keyof typeof FAULTY) => faulty.get(name)!
  const cases = withCallLines(sttContract, {
    create: (context) => create(server, context),
    createFailing: (context) => create(at('refusing'), context),
    failingClass: 'auth',
    createStalled: (context, place) => create(at(place === 'at-once' ? 'silent' : 'stalling'), context),
    createCut: (context) => create(cutting, context),
    secrets: [KEY],
    speech: numberedFrames(0, 50),
    format: MULAW_8K,
    expected: /^w0 w1 w2 w3 w4 w5 w6 w7 w8 w9$/,
    pace: 20,
    received: () => Buffer.concat(server.connections.at(-1)?.turns.flatMap((turn) => turn.audio) ?? []),
    receivedOptions() {
      const { query, turns } = server.connections.at(-1)!
      return { hints: [JSON.stringify(turns[0]?.context)], language: query['language'] ?? '' }
    },
  })
  for (const each of cases) it(each.name, each.run, each.timeoutMs)
})
