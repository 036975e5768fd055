import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallEvent, CallEventName } from '@kav/core/host'
import { createSampleDecoder } from '@kav/core/host'
import { type AudioFormat, readWav, writeWav } from '@kav/core'
import { createTestMetrics } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStorage } from '../../src/process/storage.ts'
import { hideSounds } from '../../src/recording/hide-sounds.ts'
import { createPrivateStretches } from '../../src/recording/private-stretches.ts'
import { toneOver } from '../../src/recording/tone-over.ts'

const FORMATS: readonly AudioFormat[] = [
  { encoding: 'linear16', sampleRateHz: 8000 },
  { encoding: 'mulaw', sampleRateHz: 8000 },
  { encoding: 'linear16', sampleRateHz: 16_000 },
]
const SECONDS = 4

describe('a tone over what must not be heard', () => {
  let dir: string
  let file: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kav-tone-'))
    file = join(dir, 'call.wav')
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  /** Every byte of speech is 0x11. */
  function speak(format: AudioFormat): number {
    const bytes = format.encoding === 'linear16' ? 2 : 1
    writeFileSync(file, writeWav(format, 2, Buffer.alloc(SECONDS * format.sampleRateHz * bytes * 2, 0x11)))
    return bytes
  }
  /** Samples of speech that are left of each side, by tenths of a second. */
  function speechLeft(format: AudioFormat, bytes: number): [caller: number[], agent: number[]] {
    const { audio } = readWav(readFileSync(file))
    const left: [number[], number[]] = [[], []]
    for (let at = 0, sample = 0; at < audio.length; at += bytes, sample++) {
      const isSpeech = audio.subarray(at, at + bytes).every((byte) => byte === 0x11)
      const tenth = Math.floor(((sample >> 1) * 10) / format.sampleRateHz)
      left[sample % 2 === 0 ? 0 : 1][tenth] = (left[sample % 2]![tenth] ?? 0) + (isSpeech ? 1 : 0)
    }
    return left
  }

  it.each(FORMATS)(
    'leaves nothing of it, and all of the rest: $encoding, $sampleRateHz Hz',
    async (format) => {
      const bytes = speak(format)
      const before = readFileSync(file).length
      await toneOver(
        file,
        [
          { side: 'caller', fromMs: 1000, toMs: 2000 },
          { side: 'agent', fromMs: 3500, toMs: Infinity },
        ],
        0,
      )
      const [caller, agent] = speechLeft(format, bytes)
      const whole = format.sampleRateHz / 10
      // A sample of the tone may by chance be what was there.
      const isGone = (count: number): boolean => count < whole / 10
      expect(
        caller.map((count, at) => (at >= 10 && at < 20 ? isGone(count) : count === whole)),
      ).not.toContain(false)
      expect(agent.map((count, at) => (at >= 35 ? isGone(count) : count === whole))).not.toContain(false)
      expect(readFileSync(file)).toHaveLength(before)
      const { audio } = readWav(readFileSync(file))
      const samples = createSampleDecoder(format).decode(audio)
      const toned = samples
        .slice(2 * format.sampleRateHz, 4 * format.sampleRateHz)
        .filter((_, at) => at % 2 === 0)
      expect(Math.max(...toned)).toBeGreaterThan(2500)
      // Again is the same.
      copyFileSync(file, `${file}.once`)
      await toneOver(file, [{ side: 'caller', fromMs: 1000, toMs: 2000 }], 0)
      expect(readFileSync(file).equals(readFileSync(`${file}.once`))).toBe(true)
    },
  )

  it('lies where it was said, in a file that begins before the call', async () => {
    const format = FORMATS[0]!
    const bytes = speak(format)
    await toneOver(file, [{ side: 'caller', fromMs: 0, toMs: 1000 }], -500)
    const [caller] = speechLeft(format, bytes)
    expect(caller.map((count) => count === 800)).toEqual(
      Array.from({ length: 40 }, (_, at) => at < 5 || at >= 15),
    )
  })

  it('that cannot be laid costs the recording', async () => {
    writeFileSync(file, 'no recording at all')
    const metrics = createTestMetrics()
    const parts = { file, beginsMs: 0, storage: createStorage(), metrics }
    expect(await hideSounds({ ...parts, stretches: [] })).toEqual({ outcome: 'kept' })
    expect(existsSync(file)).toBe(true)
    const stretches = [{ side: 'caller', fromMs: 0, toMs: 1 }] as const
    expect(await hideSounds({ ...parts, stretches })).toMatchObject({ outcome: 'withheld' })
    expect(existsSync(file)).toBe(false)
    expect(metrics.value('recordings_withheld_total')).toBe(1)
  })

  it('costs it, too, when nobody knows where it belongs', async () => {
    speak(FORMATS[0]!)
    const parts = { file, beginsMs: 0, storage: createStorage(), metrics: createTestMetrics() }
    expect(await hideSounds({ ...parts, stretches: undefined })).toMatchObject({ outcome: 'withheld' })
    expect(existsSync(file)).toBe(false)
  })
})

describe('the stretches of a call that must not be heard', () => {
  const told = (...events: (readonly [CallEventName, number, CallEvent['fields']?])[]) => {
    const stretches = createPrivateStretches()
    for (const [event, atMs, fields = {}] of events) stretches.onEvent({ event, atMs, fields, private: {} })
    return stretches
  }

  it('begin with the voice that said it, and last to the end of its words', () => {
    const found = ['redacted', 9000, { who: 'caller', kind: 'card', from_ms: 2000, to_ms: 9000 }] as const
    expect(told(['caller_voice', 8500, { start_ms: 5000, end_ms: 8200 }], found).stretches()).toEqual([
      { side: 'caller', fromMs: 4500, toMs: 9200 },
    ])
    // Nobody listens for voices.
    expect(told(found).stretches()).toEqual([{ side: 'caller', fromMs: 1700, toMs: 9200 }])
  })

  it('are the words and a margin, where their times are known', () => {
    const found = { who: 'caller', kind: 'card', from_ms: 2000, to_ms: 4000, by: 'words' }
    const voice = ['caller_voice', 9500, { start_ms: 3500, end_ms: 9200 }] as const
    expect(told(voice, ['redacted', 9000, found]).stretches()).toEqual([
      { side: 'caller', fromMs: 1700, toMs: 4300 },
    ])
  })

  it('are the agent’s reply to its end, on the caller’s side only where its echo was heard', () => {
    const said = [
      ['redacted', 3000, { who: 'agent', kind: 'card', from_ms: 2500, turn: 1 }],
      ['greeting_end', 3100, { turn: 0 }],
      ['reply_ended', 6000, { turn: 1 }],
      ['reply_ended', 9000, { turn: 2 }],
    ] as const
    const heard = { fromMs: 2500, toMs: 6500 }
    expect(told(...said).stretches()).toEqual([{ side: 'agent', ...heard }])
    expect(told(...said, ['echo_found', 7000]).stretches()).toEqual([
      { side: 'agent', ...heard },
      { side: 'caller', ...heard },
    ])
  })

  it('are where the agent was heard to say it, once that is known', () => {
    const open = { who: 'agent', kind: 'card', from_ms: 2500, turn: 1, sound: 1 }
    const events = [
      ['redacted', 3000, open],
      ['redacted', 3000, { ...open, from_ms: 2600, sound: 2 }],
      ['redacted', 6000, { ...open, from_ms: 4000, to_ms: 5000, by: 'words' }],
      ['reply_ended', 6000, { turn: 1 }],
    ] as const
    expect(told(...events).stretches()).toEqual([
      { side: 'agent', fromMs: 3700, toMs: 5300 },
      { side: 'agent', fromMs: 2600, toMs: 6500 },
    ])
    expect(told(...events, ['echo_found', 7000]).stretches()[1]).toEqual({
      side: 'caller',
      fromMs: 3700,
      toMs: 5800,
    })
    // Killed before it was heard out.
    expect(told(events[0]).stretches()).toEqual([{ side: 'agent', fromMs: 2500, toMs: Infinity }])
  })

  it('are what an operator has said, to its own end and not to that of the greeting it cut short', () => {
    const events = told(
      ['redacted', 3468, { who: 'agent', kind: 'phone', from_ms: 3468, turn: -1 }],
      ['greeting_end', 3468, { turn: 0, outcome: 'cancelled' }],
      ['prompt_ended', 9000, { turn: -1, outcome: 'heard' }],
    )
    expect(events.stretches()).toEqual([{ side: 'agent', fromMs: 3468, toMs: 9500 }])
  })

  it('are all that nobody had judged, in a call that was killed', () => {
    // The turn ended before its words were settled; those of the final had ended before it was told.
    const final = ['final', 4000, { ended_ms: 3200 }] as const
    const events = told(final, ['turn_ended', 4500, { turn: 1 }], ['reply_started', 5000, { turn: 1 }])
    expect(events.stretches()).toEqual([])
    expect(events.stretches({ knownMs: 7000 })).toEqual([
      { side: 'caller', fromMs: 3200, toMs: Infinity },
      { side: 'agent', fromMs: 5000, toMs: Infinity },
    ])
  })

  it('are everything where an event cannot be read', () => {
    expect(told(['redacted', 1, { who: 'nobody' }]).stretches()).toHaveLength(2)
  })
})
