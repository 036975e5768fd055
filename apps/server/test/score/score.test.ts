import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeWav } from '@kav/core'
import type { CallerEvent, Panel } from '@kav/core/panel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { score, type ScoreOptions } from '../../src/commands/score.ts'
import { runCli } from '../../src/cli.ts'
import { UnusableFile } from '../../src/score/unusable-file.ts'
import { mixedWav, oddWav, type Sides, stereoWav } from './stereo-wav.ts'

let dir: string
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'kav-score-'))))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const at = (startMs: number, endMs: number) => ({ startMs, endMs })

/** A greeting; a turn with a pause; "mm-hm" over the answer; an interruption; a turn that waits too long. */
const CALL: Sides = {
  caller: [at(3000, 4200), at(4900, 6000), at(9000, 9400), at(12_000, 14_500), at(18_000, 19_000)],
  agent: [at(500, 2500), at(6450, 12_300), at(15_000, 17_000), at(23_000, 24_000)],
  durationMs: 26_000,
}

const WHOLE = stereoWav(CALL)

function written(name: string, content: Uint8Array | string): string {
  const file = join(dir, name)
  writeFileSync(file, content)
  return file
}

async function scored(
  file: string,
  options: ScoreOptions = {},
): Promise<{ panel: Panel; caller: readonly CallerEvent[]; notes: readonly string[] }> {
  const lines: string[] = []
  expect(await score(file, { ...options, json: true }, (line) => lines.push(line))).toBe(0)
  return JSON.parse(lines.join('\n')) as Awaited<ReturnType<typeof scored>>
}

function expectTheCall(panel: Panel): void {
  expect(panel.response).toEqual({ count: 3, n: 3, rate: 1 })
  const near = (values: readonly number[], truth: readonly number[]): void => {
    expect(values).toHaveLength(truth.length)
    values.forEach((value, i) => expect(Math.abs(value - truth[i]!)).toBeLessThanOrEqual(30))
  }
  near(panel.responseLatency.valuesMs, [450, 500, 4000])
  near(panel.timeToYield.valuesMs, [300])
  near([panel.talkOverMs], [300])
  near([panel.deadAir.totalMs], [4000])
  expect(panel.yield).toEqual({ count: 1, n: 1, rate: 1 })
  expect(panel.selectivity.backchannel).toEqual({ count: 1, n: 1, rate: 1 })
  expect(panel.agentInterruptions.count).toBe(0)
}

function withDataBytes(wav: Uint8Array, dataBytes: number): Uint8Array {
  const changed = Uint8Array.from(wav)
  new DataView(changed.buffer).setUint32(40, dataBytes, true)
  return changed
}

describe('kav score', () => {
  it.each([
    ['of 16 bits', WHOLE],
    ['of mu-law', stereoWav(CALL, { mulaw: true })],
    ['in noise', stereoWav(CALL, { noiseDb: -40 })],
    ['in noise, of mu-law', stereoWav(CALL, { noiseDb: -40, mulaw: true })],
    ['of no noise at all', stereoWav(CALL, { noiseDb: -200 })],
    ['of 8 bits', oddWav(CALL, { tag: 1, bits: 8 })],
    ['of 24 bits at 44.1 kHz', oddWav(CALL, { tag: 1, bits: 24, hz: 44_100 })],
    ['of 32 bits, extensible', oddWav(CALL, { tag: 1, bits: 32, extensible: true })],
    ['of floating point at 11 kHz', oddWav(CALL, { tag: 3, bits: 32, hz: 11_025 })],
    ['of floating point of 64 bits, extensible', oddWav(CALL, { tag: 3, bits: 64, extensible: true })],
    ['with the agent’s echo', stereoWav(CALL, { echoDb: -12 })],
    ['with the agent’s soft echo, of mu-law', stereoWav(CALL, { echoDb: -25, mulaw: true })],
  ])('tells the truth of a recording %s', async (_, wav) => {
    expectTheCall((await scored(written('call.wav', wav))).panel)
  })

  it('takes the sides the other way round with --swap', async () => {
    const file = written('swapped.wav', stereoWav({ ...CALL, caller: CALL.agent, agent: CALL.caller }))
    expectTheCall((await scored(file, { swap: true })).panel)
  })

  it('prints the figures with what they were counted in, and what was derived', async () => {
    const lines: string[] = []
    await score(written('call.wav', WHOLE), {}, (line) => lines.push(line))
    const text = lines.join('\n')
    expect(text).toContain('response rate              1.00 (3 of n=3 words)')
    expect(text).toContain('yield rate                 1.00 (1 of n=1 times spoken over)')
    expect(text).toContain('selectivity: vocal tics    - (0 of n=0 heard)')
    expect(text).toContain(
      'derived from the sound alone, not from words: 2 turn, 1 backchannel, 1 interruption of 4 events',
    )
  })

  it('says whose voice it heard in the other channel', async () => {
    const lines: string[] = []
    const call = stereoWav(CALL, { echoDb: -20 })
    await score(written('echo.wav', call), {}, (line) => lines.push(line))
    expect(lines.join('\n')).toMatch(
      /the agent is heard in the channel of the caller, (19|20|21) dB softer and 3[234]0 ms later/,
    )
    const { notes } = await scored(written('call.wav', WHOLE))
    expect(notes.join('\n')).not.toContain('is heard in')
  })

  it('doubts a record of another call', async () => {
    const said = (atMs: number) => [{ atMs, who: 'caller', text: 'hello' }]
    const notesOf = async (record: object) => {
      const events = written('record.json', JSON.stringify(record))
      return (await scored(written('call.wav', WHOLE), { events })).notes.join('\n')
    }
    expect(await notesOf({ durationMs: 26_500, transcript: said(6500) })).not.toContain('another call')
    expect(await notesOf({ durationMs: 40_000, transcript: said(6500) })).toContain(
      'the record is of a call of 40.0 s, and the recording lasts 26.0 s: of another call?',
    )
    expect(await notesOf({ transcript: said(500) })).toContain('no words of the record are near')
  })

  it('says that it found no agent', async () => {
    const { notes } = await scored(written('mute.wav', stereoWav({ ...CALL, agent: [] })))
    expect(notes[0]).toContain('no voice of an agent was found')
  })

  it('says that it found no caller', async () => {
    const lines: string[] = []
    await score(written('deaf.wav', stereoWav({ ...CALL, caller: [] })), {}, (line) => lines.push(line))
    expect(lines.join('\n')).toContain('--swap')
  })

  it('lets the words of the record decide what was said over the agent', async () => {
    const wav = written('call.wav', WHOLE)
    const record = (mm: string, long: string) =>
      written(
        'record.json',
        JSON.stringify({
          transcript: [
            { atMs: 6500, who: 'caller', text: 'I would like a table' },
            { atMs: 9900, who: 'caller', text: mm },
            { atMs: 15_000, who: 'caller', text: long },
          ],
          events: [],
        }),
      )
    const kinds = async (events: string) => (await scored(wav, { events })).caller.map(({ kind }) => kind)
    expect(await kinds(record('No.', 'Okay, I see. Mm-hm.'))).toEqual([
      'turn',
      'interruption',
      'backchannel',
      'turn',
    ])
    expect(await kinds(record('אהה', 'לא, רגע'))).toEqual(['turn', 'backchannel', 'interruption', 'turn'])
  })

  it('takes what the agent gave way to for an interruption where the record has no words of it', async () => {
    const events = written(
      'record.json',
      JSON.stringify({ transcript: [], events: [{ event: 'interrupted', atMs: 9300, fields: {} }] }),
    )
    const { caller } = await scored(written('call.wav', WHOLE), { events })
    expect(caller[1]).toMatchObject({ kind: 'interruption', by: 'words' })
    expect(caller[2]).toMatchObject({ kind: 'interruption', by: 'sound' })
  })
})

describe('kav score refuses', () => {
  it.each([
    ['a missing file', undefined, 'cannot be read'],
    ['an empty file', new Uint8Array(0), 'the file is empty'],
    ['what is no WAV', Buffer.from('ID3 something else altogether'), 'not a WAV file'],
    ['a header without its sound', WHOLE.subarray(0, 30), 'cut off: the file ends before its sound'],
    [
      'a file that was cut off',
      WHOLE.subarray(0, 10_000),
      'cut off: 9956 of 832000 bytes of sound are there',
    ],
    [
      'one channel',
      writeWav({ encoding: 'linear16', sampleRateHz: 8000 }, 1, new Uint8Array(100)),
      'one channel, two are needed',
    ],
    [
      'three channels',
      writeWav({ encoding: 'linear16', sampleRateHz: 8000 }, 3, new Uint8Array(96)),
      '3 channels, two are needed',
    ],
    [
      'no sound',
      writeWav({ encoding: 'linear16', sampleRateHz: 8000 }, 2, new Uint8Array(0)),
      'no sound in it',
    ],
    ['two channels with one sound', mixedWav(CALL), 'both channels hold the same sound'],
    [
      'a header that tells of a part',
      withDataBytes(WHOLE, 40_000),
      'its header tells of 40000 bytes of sound, and 792000 more lie behind them',
    ],
    [
      'a rate of 1 Hz',
      writeWav({ encoding: 'linear16', sampleRateHz: 1 }, 2, new Uint8Array(96)),
      '1 Hz are the rate of no recording',
    ],
    [
      'samples of 12 bits',
      Uint8Array.from(WHOLE, (byte, at) => (at === 34 ? 12 : byte)),
      'format tag 1 with 12 bits is not',
    ],
  ])('%s, by name', async (name, content, why) => {
    const file =
      content === undefined ? join(dir, 'nobody.wav') : written(`${name.replaceAll(' ', '-')}.wav`, content)
    const refused = await score(file, {}, () => {}).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(UnusableFile)
    expect((refused as Error).message).toContain(`${file}: ${why}`)
  })

  it.each([
    ['no JSON', '{"transcript"', 'cannot be read as JSON'],
    ['another thing', '[1]', 'not the record of a call'],
    ['no transcript', '{"callId":"x","events":[]}', 'no transcript in it'],
    ['an odd transcript', '{"transcript":[{"atMs":"1"}]}', 'not the record of a call'],
  ])('a record that is %s', async (_, content, why) => {
    const events = written('record.json', content)
    await expect(score(written('call.wav', WHOLE), { events }, () => {})).rejects.toThrow(why)
  })

  it('no notes behind the sound', async () => {
    const notes = Buffer.concat([WHOLE, Buffer.from('LIST'), Buffer.from([0, 0, 1, 0]), Buffer.alloc(65_536)])
    expectTheCall((await scored(written('notes.wav', notes))).panel)
  })

  it('with exit code 2', async () => {
    expect(await runCli(['score', written('empty.wav', '')])).toBe(2)
  })

  it('no length that a stream left open', async () => {
    const open = withDataBytes(WHOLE, 0xffffffff)
    expectTheCall((await scored(written('open.wav', open))).panel)
  })
})
