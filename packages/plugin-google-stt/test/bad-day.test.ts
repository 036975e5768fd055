import { expect, it } from 'vitest'
import type { StreamScript } from '../src/testing/index.ts'
import { everyWord, framesHeard, startGoogleCall } from './google-call.ts'
import { serve } from './open-for-test.ts'

/** The same numbers in every run (Numerical Recipes' linear congruential generator). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

it(
  'a call on a bad day: streams die, end, go deaf, and will not open, and every frame is understood exactly once',
  { timeout: 120_000 },
  async () => {
    const random = createRandom(23)
    const atMs = (): number => 200 + random() * 4000
    let calm = false
    const server = await serve({
      script: () => {
        const fate = random()
        const script: StreamScript = {
          understand: { framesPerWord: 1, wordsPerFinal: 20 },
          headers: random() < 0.3 ? 'with-first-response' : 'at-once',
        }
        if (fate < 0.1 && !calm)
          return { refuse: { code: 14, details: 'The service is currently unavailable.' } }
        if (fate < 0.2 && !calm) return { ...script, endAtMs: atMs() }
        if (fate > 0.5 || calm) return script
        if (fate > 0.4) return { ...script, freezeAtMs: atMs() }
        const code = fate < 0.3 ? 14 : 11
        return { ...script, failAtMs: { ms: atMs(), status: { code, details: 'no more' } } }
      },
    })
    const call = startGoogleCall({
      endpoint: server.endpoint,
      max_session_ms: 5000,
      fallback_regions: ['us'],
    })
    for (let turn = 0; turn < 15; turn += 1) {
      await call.speak(200 + random() * 3000)
      await call.silence(random() * 1500)
      if (random() < 0.15) await call.stall(random() * 4000)
    }
    // Long enough for the watchdog, should the last stream be a deaf one.
    calm = true
    await call.speak(7000)
    await call.silence(3000)
    await call.end()
    expect(call.of('stt_lost').length).toBeGreaterThan(0)
    expect(call.of('stt_rotated').length).toBeGreaterThan(0)
    expect(new Set(framesHeard(server)).size).toBe(call.framesSpoken)
    expect(call.words()).toEqual(everyWord(call.framesSpoken))
  },
)
