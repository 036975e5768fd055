import { MULAW_SILENCE, type SttEvent } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { loadClip, recording } from '@kav/phone'
import { expect, it } from 'vitest'
import { simulatedStt, simulatedTts } from '../../src/capacity/simulated-providers.ts'

it('the simulated recogniser says something of each utterance and nothing of silence', async () => {
  const provider = simulatedStt.create({}, testContext())
  const session = await provider.openSession({ callId: 'CA1' } as never)
  const frame = (at: number, of: Uint8Array) => of.subarray(at, at + 320)
  const quiet = new Uint8Array(16_000).fill(MULAW_SILENCE)
  const { mulaw } = loadClip(recording('something-terribly-wrong'))
  for (const audio of [quiet, mulaw, quiet, mulaw, quiet])
    for (let at = 0; at < audio.length; at += 320) session.write(frame(at, audio))
  session.finish()
  const events: SttEvent[] = []
  for await (const event of session.events) events.push(event)
  expect(events.filter(({ type }) => type === 'final').length).toBeGreaterThanOrEqual(2)
  expect(events.map(({ type }) => type)).toContain('partial')
  expect(events.at(-1)).toMatchObject({ type: 'final', text: expect.stringContaining('my last bill') })
})

it('the simulated voice takes as long as a voice for the same words', async () => {
  const provider = simulatedTts.create({}, testContext())
  let bytes = 0
  for await (const chunk of provider.speak(
    { text: 'Good morning to you.' } as never,
    new AbortController().signal,
  ))
    bytes += chunk.length
  expect(bytes / 8).toBe(1300)
})
