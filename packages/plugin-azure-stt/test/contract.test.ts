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

/** Where the other region is. */
const ELSEWHERE = 'northeurope'

let server: SpeechServer
let elsewhere: SpeechServer
/** The one that was asked last. */
let latest: { readonly at: SpeechServer; readonly region: string }
let cutting: SpeechServer
const faulty = new Map<keyof typeof FAULTY, SpeechServer>()

beforeAll(async () => {
  server = await openSpeechServer({
    script() {
      latest = { at: server, region: 'westeurope' }
      return { understand }
    },
  })
  elsewhere = await openSpeechServer({
    script() {
      latest = { at: elsewhere, region: ELSEWHERE }
      return { understand }
    },
  })
  // The SDK makes a lost connection anew by itself; that one is cut for good.
  cutting = await openSpeechServer({
    script: ({ index }) => (index === 0 ? { understand, resetAtMs: HALF_MS } : { refuse: 'reset' }),
  })
  for (const [name, script] of Object.entries(FAULTY))
    faulty.set(name as keyof typeof FAULTY, await openSpeechServer({ script: () => script }))
})
afterAll(() => Promise.all([server, elsewhere, cutting, ...faulty.values()].map((one) => one.close())))

describe('stt contract', () => {
  const params = ({ host }: SpeechServer) => ({ key: KEY, host, language: 'he-IL' })
  const create = (at: SpeechServer, context: PluginContext) => plugin.create(params(at), context)
  const at = (name: keyof typeof FAULTY) => faulty.get(name)!
  const cases = withCallLines(sttContract, {
    create: (context) =>
      plugin.create(
        {
          ...params(server),
          region: 'westeurope',
          fallback_regions: [ELSEWHERE],
          region_hosts: { [ELSEWHERE]: elsewhere.host },
        },
        context,
      ),
    createFailing: (context) => create(at('refusing'), context),
    failingClass: 'auth',
    createStalled: (context, place) => create(at(place === 'at-once' ? 'silent' : 'stalling'), context),
    createCut: (context) => create(cutting, context),
    secrets: [KEY],
    speech: numberedFrames(0, 50),
    format: MULAW_8K,
    expected: /^w0 w1 w2 w3 w4 w5 w6 w7 w8 w9$/,
    pace: 20,
    received: () => Buffer.concat(latest.at.connections.at(-1)?.turns.flatMap((turn) => turn.audio) ?? []),
    receivedOptions() {
      const { query, turns } = latest.at.connections.at(-1)!
      const hints = [JSON.stringify(turns[0]?.context)]
      return { hints, language: query['language'] ?? '', region: latest.region }
    },
  })
  for (const each of cases) it(each.name, each.run, each.timeoutMs)
})
