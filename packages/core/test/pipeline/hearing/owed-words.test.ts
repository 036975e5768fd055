import { expect, it } from 'vitest'
import { MULAW_8K } from '../../../src/index.ts'
import { createCallerAudio } from '../../../src/pipeline/hearing/caller-audio.ts'
import { createOwedWords } from '../../../src/pipeline/hearing/owed-words.ts'

const BYTES_PER_MS = 8
const SECOND = new Uint8Array(1000 * BYTES_PER_MS)

/** A caller who is silent for 30 s, all of it read by a session that says nothing. */
function keptOfSilence(hasDetector: boolean, failsAtSecond?: number): number {
  const { writer, reader, memory } = createCallerAudio({ format: MULAW_8K, maxWaitingFrames: 200 })
  let dueUs = Infinity
  const alarm = { at: (us: number) => void (dueUs = us), never: () => void (dueUs = Infinity) }
  const owed = createOwedWords({ memory, format: MULAW_8K, hasDetector, alarm })
  memory.recogniserOpened()
  owed.heardBy('session', 0)
  for (let second = 1; second <= 30; second++) {
    writer.append(SECOND)
    reader.read(new Uint8Array(SECOND.length))
    if (second === failsAtSecond) owed.voiceUnknown()
    if (dueUs <= second * 1_000_000) {
      dueUs = Infinity
      owed.onDue(second * 1000)
    }
  }
  return (memory.end - memory.acknowledged) / BYTES_PER_MS
}

it('a second is kept of what a detector calls silence, ten of what nobody does: there may be words in it', () => {
  expect(keptOfSilence(true)).toBe(1000)
  expect(keptOfSilence(false)).toBe(10_000)
})

it('so it is from the moment on at which the detector fails', () => {
  expect(keptOfSilence(true, 15)).toBe(10_000)
})

it('a pause comes at once in silence, and with the end of a voice', async () => {
  const { memory } = createCallerAudio({ format: MULAW_8K, maxWaitingFrames: 200 })
  const alarm = { at: () => undefined, never: () => undefined }
  const owed = createOwedWords({ memory, format: MULAW_8K, hasDetector: true, alarm })
  await owed.pause()
  owed.voiceStarted(0)
  const order: string[] = []
  const paused = Promise.all([owed.pause(), owed.pause()]).then(() => order.push('pause'))
  await Promise.resolve()
  order.push('voice stops')
  owed.voiceStopped(500, 400)
  await paused
  expect(order).toEqual(['voice stops', 'pause'])
})

it('silence is told from the beginning on, up to a voice that was noticed, and behind it; of nobody who tells there is none', () => {
  const { writer, memory } = createCallerAudio({ format: MULAW_8K, maxWaitingFrames: 200 })
  const alarm = { at: () => undefined, never: () => undefined }
  const owed = createOwedWords({ memory, format: MULAW_8K, hasDetector: true, alarm })
  const silenceMs = (): readonly number[] | undefined => {
    const silence = owed.silence()
    return silence && [silence.from / BYTES_PER_MS, silence.until / BYTES_PER_MS]
  }
  writer.append(SECOND)
  expect(silenceMs()).toEqual([0, 1000])
  owed.voiceStarted(1000)
  writer.append(SECOND)
  expect(silenceMs()).toEqual([0, 1000])
  owed.voiceStopped(2000, 1800)
  writer.append(SECOND)
  expect(silenceMs()).toEqual([1800, 3000])
  owed.voiceUnknown()
  expect(silenceMs()).toBeUndefined()
})
