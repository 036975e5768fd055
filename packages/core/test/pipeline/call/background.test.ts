import { describe, expect, it } from 'vitest'
import { createBackground } from '../../../src/host.ts'
import { buildToolKit } from '../../../src/tools/tool-kit.ts'
import { NO_TOOLS } from '../../tools/tool-rig.ts'
import { createCallRig } from '../call-rig.ts'

/** Any sound that is never silent. */
const background = createBackground(
  {
    samples: Int16Array.from({ length: 16_000 }, (_, at) => ((at * 7919) % 2000) - 1000),
    sampleRateHz: 8000,
  },
  -30,
)

/** Silences that the far end heard between two frames, and frames in which there was nothing at all. */
function holes(rig: ReturnType<typeof createCallRig>): number {
  let found = 0
  let endMs: number | undefined
  for (const sent of rig.far.sent) {
    if (sent.kind === 'clear') endMs = undefined
    if (sent.kind !== 'frame') continue
    if (endMs !== undefined && sent.playsAtMs - endMs > 0.001) found++
    if (sent.bytes.every((byte) => byte === 0xff)) found++
    endMs = sent.playsAtMs + 20
  }
  return found
}

describe('a call with a background', () => {
  it('sounds from its first moment to its last, is recorded so, and is the same conversation', async () => {
    const recorded: number[] = []
    const tap = {
      onCallerAudio: () => undefined,
      onAgentFrame: (frame: Uint8Array) => void recorded.push(frame.length),
      onCleared: () => undefined,
      close: () => undefined,
    }
    const outcomes = await Promise.all(
      [{ background, taps: [tap] }, {}].map(async (options) => {
        const rig = createCallRig({ llm: { replies: ['A fine answer to that.'] }, ...options })
        rig.start()
        await rig.silence(1500)
        await rig.speak(600)
        rig.stt.sessions.at(-1)!.emit({ type: 'final', text: 'how do you do' })
        await rig.silence(4000)
        const sounds = rig.far.sent.filter(({ kind }) => kind === 'frame').length
        const found = holes(rig)
        const record = await rig.end()
        return { rig, sounds, found, record }
      }),
    )
    const [mixed, bare] = outcomes as [(typeof outcomes)[number], (typeof outcomes)[number]]
    expect(mixed.found).toBe(0)
    expect(Math.abs(mixed.sounds - 6100 / 20)).toBeLessThanOrEqual(4)
    expect(bare.sounds).toBeLessThan(mixed.sounds)
    expect(recorded.length).toBeGreaterThanOrEqual(mixed.sounds)
    for (const { rig } of outcomes) {
      expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
      expect(rig.of('greeting_end')).toHaveLength(1)
    }
    expect(mixed.rig.names().filter((name) => !name.endsWith('_second'))).toEqual(
      bare.rig.names().filter((name) => !name.endsWith('_second')),
    )
  })

  it('goes on through a pause, a wait that the model asked for, and until the caller is handed over', async () => {
    const tool = (name: string, args: unknown) => ({
      toolCalls: [{ id: `call-${name}`, name, arguments: JSON.stringify(args) }],
    })
    const numbers = { sales: '+15550001111' }
    const rig = createCallRig({
      background,
      llm: {
        replies: [
          'A fine and rather long answer to all of that.',
          tool('wait', { seconds: 3 }),
          'I am here again.',
          tool('transfer', { to: 'sales' }),
        ],
      },
      tools: (on) =>
        buildToolKit({ settings: { ...NO_TOOLS, wait: true, transfer: { numbers } }, code: [], ...on }),
      call: { transferable: true },
    })
    const says = async (text: string): Promise<void> => {
      await rig.speak(600)
      rig.stt.sessions.at(-1)!.emit({ type: 'final', text })
      await rig.silence(1000)
    }
    rig.start()
    await rig.silence(1500)
    await says('how do you do')
    await rig.speak(250)
    await rig.silence(3000)
    await says('wait a little please')
    await rig.silence(5000)
    await says('give me somebody from sales')
    await rig.silence(3000)
    expect([rig.of('paused').length, rig.of('resumed').length]).toEqual([1, 1])
    expect(rig.of('tool_called').map(({ fields }) => fields['tool'])).toEqual(['wait', 'transfer'])
    expect(holes(rig)).toBe(0)
    await rig.end()
  })

  it('cuts the history where the caller interrupted, as without it', async () => {
    const text = 'One two three four five six seven eight nine ten eleven twelve thirteen fourteen.'
    const heard = await Promise.all(
      [{ background }, {}].map(async (options) => {
        const rig = createCallRig({ settings: { conversation: { greeting: text } }, ...options })
        rig.start()
        await rig.silence(1500)
        await rig.speak(1000)
        rig.stt.sessions.at(-1)!.emit({ type: 'final', text: 'stop that please now' })
        await rig.silence(3000)
        await rig.end()
        return String(rig.of('interrupted').at(-1)?.private?.['heard'] ?? '').length
      }),
    )
    expect(heard[0]!).toBeGreaterThan(0)
    expect(heard[0]!).toBeLessThan(text.length)
    // The greeting began two frames later, behind what was there already.
    expect(Math.abs(heard[0]! - heard[1]!)).toBeLessThanOrEqual(4)
  })

  it('has nothing due in silence without one, and 50 frames a second with it', async () => {
    const sent = await Promise.all(
      [{ background }, {}].map(async (options) => {
        const rig = createCallRig({ settings: { conversation: { greeting: '' } }, ...options })
        rig.start()
        await rig.wait(10_000)
        const frames = rig.far.sent.length
        await rig.end()
        return frames
      }),
    )
    expect(sent[1]).toBe(0)
    expect(Math.abs(sent[0]! - 500)).toBeLessThanOrEqual(3)
  })
})
