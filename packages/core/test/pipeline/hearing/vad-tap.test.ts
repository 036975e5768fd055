import { expect, it } from 'vitest'
import { createFrameClock, createVadTap } from '../../../src/host.ts'
import { MULAW_8K } from '../../../src/index.ts'
import { createFakeVad } from '../../../src/testing/index.ts'
import { callerFrame } from '../call-rig.ts'
import { createManualClock } from '../manual-clock.ts'

const FRAMES = 50

it('hears a call when the one before it, the last of the process, ended with a window still to be rated', () => {
  const clock = createManualClock()
  const tap = createVadTap(createFakeVad().provider, createFrameClock(clock), clock)
  const heard = [0, 0]
  for (const call of heard.keys()) {
    const stream = tap.open(MULAW_8K, {
      onWindow: () => heard[call]!++,
      onFailure: (error) => {
        throw error
      },
    })
    for (let frame = 0; frame < FRAMES; frame++) {
      clock.step(20)
      stream.push(callerFrame(frame, true))
    }
    // Two frames are more than a window: one of them made it whole, and nobody came for it.
    stream.push(callerFrame(FRAMES, true))
    stream.push(callerFrame(FRAMES, true))
    stream.close()
  }
  expect(heard[0]).toBeGreaterThan(25)
  expect(heard[1]).toBe(heard[0])
})
