import { describe, expect, it } from 'vitest'
import type { LoadedStage, Providers } from '../../src/host.ts'
import { denoiseFaults } from '../../src/config/checks/denoise-faults.ts'
import { createFakeClock, createFakeDenoise, createFakeStt, createFakeVad } from '../../src/testing/index.ts'

const { clock } = createFakeClock()

const stage = (before: string): LoadedStage<'denoise'> =>
  ({ kind: 'denoise', path: [before, 'denoise'], package: '@x/filter', plugin: { name: 'filter' } }) as never

/** Messages, for recognisers and a detector that hear these rates, and filters that take those. */
function faults(hears: readonly number[], takes: { stt?: readonly number[]; vad?: readonly number[] }) {
  const accepts = hears.map((sampleRateHz) => ({ encoding: 'linear16', sampleRateHz }) as const)
  const filter = (rates: readonly number[] | undefined) =>
    rates && {
      kind: 'denoise',
      name: 'filter',
      provider: createFakeDenoise({ sampleRatesHz: rates }).provider,
    }
  const recogniser = createFakeStt({ clock, accepts }).provider
  const providers = {
    stt: [{ kind: 'stt', name: 'main', provider: recogniser }],
    languages: new Map([['he-IL', { stt: { kind: 'stt', name: 'hebrew', provider: recogniser } }]]),
    vad: { kind: 'vad', name: 'silero', provider: createFakeVad({ sampleRateHz: 16_000 }).provider },
    ...(takes.stt && { sttDenoise: filter(takes.stt) }),
    ...(takes.vad && { vadDenoise: filter(takes.vad) }),
  } as unknown as Providers
  const stages = { sttDenoise: stage('stt'), vadDenoise: stage('vad') }
  return denoiseFaults(stages, providers)
}

describe('a filter before what hears the caller', () => {
  it('is right where they have a rate in common, and where there is none', () => {
    expect(faults([8000, 44_100], { stt: [8000], vad: [8000, 16_000] })).toEqual([])
    expect(faults([44_100], {})).toEqual([])
  })

  it('is refused before each recogniser that hears no rate of its', () => {
    const found = faults([44_100], { stt: [8000, 16_000] })
    expect(found.map(({ message }) => message)).toEqual([
      'denoise: plugin "filter" (@x/filter) takes sound at 8000, 16000 Hz, and stt "main" hears it at 44100 Hz; take it out, or another filter',
      'denoise: plugin "filter" (@x/filter) takes sound at 8000, 16000 Hz, and stt "hebrew" hears it at 44100 Hz; take it out, or another filter',
    ])
    expect(found[0]).toMatchObject({ code: 'KAV_PLUGIN_CREATE', details: { path: ['stt', 'denoise'] } })
  })

  it('is refused before a detector that hears another rate', () => {
    const [fault] = faults([8000], { vad: [8000] })
    expect(fault?.message).toContain('takes sound at 8000 Hz, and vad "silero" hears it at 16000 Hz')
    expect(fault?.details).toMatchObject({ path: ['vad', 'denoise'] })
  })
})
