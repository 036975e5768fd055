import { describe, expect, it } from 'vitest'
import { createCallRecorder } from '../../../src/host.ts'
import { ProviderError } from '../../../src/index.ts'
import { type CallRigOptions, createCallRig } from '../call-rig.ts'

const REPLY = 'It is nine.'
const usage = { inputTokens: 40, outputTokens: 12, cachedInputTokens: 30 }

/** A call of two turns, and what it was told to have used. */
async function used(options: CallRigOptions, during?: (rig: ReturnType<typeof createCallRig>) => void) {
  const rig = createCallRig({
    llm: { replies: [{ text: REPLY, usage }] },
    ...options,
    settings: { conversation: { greeting: '', turns: { preemptive: false } } },
  })
  rig.start()
  for (const text of ['what time is it', 'and again please']) {
    await rig.speak(400)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text })
    during?.(rig)
    await rig.silence(3000)
  }
  await rig.end()
  const sums = rig.of('usage').map(({ fields }) => fields)
  const of = (kind: string) => sums.filter((sum) => sum['kind'] === kind)
  return { rig, of, sums }
}

describe('what a call has used', () => {
  it('is counted by the core where the providers say nothing', async () => {
    const { rig, of } = await used({})
    expect(of('stt')).toEqual([{ kind: 'stt', plugin: 'fake', audio_ms: 6800, counted_by: 'core' }])
    expect(of('tts')).toEqual([
      { kind: 'tts', plugin: 'fake', characters: 2 * REPLY.length, counted_by: 'core' },
    ])
    expect(rig.metrics.value('stt_audio_ms_total', { plugin: 'fake' })).toBe(6800)
    expect(rig.metrics.value('tts_characters_total', { plugin: 'fake' })).toBe(2 * REPLY.length)
  })

  it('is summed of what the providers tell', async () => {
    const { rig, of } = await used(
      {
        tts: {
          voice(request) {
            request.onUsage?.({ characters: 100 })
            return undefined
          },
        },
      },
      ({ stt }) => stt.sessions[0]!.emit({ type: 'usage', audioMs: 1500.4 }),
    )
    expect(of('stt')).toEqual([{ kind: 'stt', plugin: 'fake', audio_ms: 3001, counted_by: 'provider' }])
    expect(of('tts')).toEqual([{ kind: 'tts', plugin: 'fake', characters: 200, counted_by: 'provider' }])
    expect(of('llm')).toEqual([
      {
        kind: 'llm',
        plugin: 'fake',
        input_tokens: 80,
        output_tokens: 24,
        cached_input_tokens: 60,
      },
    ])
    expect(rig.metrics.value('llm_cached_input_tokens_total')).toBe(60)
  })

  it('is told of each provider that did something, and of those that did nothing not', async () => {
    const { of } = await used({
      llm: { replies: [{ error: new ProviderError('network', 'gone') }] },
      fallbackLlm: { replies: [{ text: REPLY, usage }] },
      tts: { error: new ProviderError('network', 'gone') },
      fallbackTts: {},
    })
    expect(of('llm').map(({ plugin }) => plugin)).toEqual(['fallback'])
    expect(of('tts').map(({ plugin }) => plugin)).toEqual(['fallback'])
  })

  it('counts audio twice that was given twice, to a session that died and its successor', async () => {
    const { of } = await used({}, ({ stt }) => {
      if (stt.sessions.length === 1) stt.sessions[0]!.fail(new ProviderError('network', 'gone'))
    })
    expect(Number(of('stt')[0]!['audio_ms'])).toBeGreaterThanOrEqual(6800)
    expect(of('stt')).toHaveLength(1)
  })

  it('is no figure that is none: it is counted as cut, and the core counts for itself', async () => {
    const odd = [Number.NaN, -1e12, Infinity, 5n, '7', undefined] as unknown as number[]
    const { rig, of } = await used(
      {
        tts: {
          voice(request) {
            for (const characters of odd) request.onUsage?.({ characters })
            request.onUsage?.(null as never)
            return undefined
          },
        },
      },
      ({ stt }) => {
        for (const audioMs of odd) stt.sessions[0]!.emit({ type: 'usage', audioMs })
      },
    )
    expect(of('stt')).toEqual([{ kind: 'stt', plugin: 'fake', audio_ms: 6800, counted_by: 'core' }])
    expect(of('tts')).toEqual([
      { kind: 'tts', plugin: 'fake', characters: 2 * REPLY.length, counted_by: 'core' },
    ])
    expect(rig.metrics.value('amounts_cut_total', { what: 'usage_audio_ms' })).toBe(2 * odd.length)
    expect(rig.metrics.value('amounts_cut_total', { what: 'usage_characters' })).toBe(2 * (odd.length + 1))
  })

  it('is not counted twice where a voice tells it after its end', async () => {
    const late: (() => void)[] = []
    const { of } = await used(
      {
        tts: {
          voice(request) {
            late.push(() => request.onUsage?.({ characters: 1000 }))
            return undefined
          },
        },
      },
      () => late.splice(0).forEach((tell) => tell()),
    )
    expect(of('tts')).toEqual([
      { kind: 'tts', plugin: 'fake', characters: 2 * REPLY.length, counted_by: 'core' },
    ])
  })

  it('stands in the record', async () => {
    const { rig, sums } = await used({})
    const recorder = createCallRecorder({ callId: 'CA1', pipeline: 'rig', startedAtWallMs: 0 })
    for (const event of rig.events) recorder.onEvent(event)
    const record = recorder.finish({ durationMs: 1, endedBy: 'caller', counters: {} })
    expect(record.usage).toEqual(sums)
    expect(sums.length).toBe(3)
    expect(rig.events.at(-1)!.event).toBe('call_ended')
  })
})
