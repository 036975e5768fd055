import { expect, it } from 'vitest'
import { ProviderError } from '../../../src/index.ts'
import { createCallHost, createCallRig, type CallRigOptions } from '../call-rig.ts'

const NETWORK = new ProviderError('network', 'the line broke')
const bang = (): never => {
  throw new Error('bang')
}
type Rig = ReturnType<typeof createCallRig>

/** One healthy call, with another one beside it if given; returns all that the healthy caller could notice. */
async function runBeside(faulty?: { options?: CallRigOptions; breakIt?: (rig: Rig) => void }) {
  const host = createCallHost()
  const good = createCallRig({ call: { id: 'good' }, llm: { replies: ['It is half past two.'] } }, host)
  const bad = faulty && createCallRig({ call: { id: 'bad' }, ...faulty.options }, host)
  if (bad) faulty.breakIt?.(bad)
  good.start()
  bad?.start()
  for (let ms = 0; ms < 6000; ms += 20) {
    const voiced = ms >= 1300 && ms < 1900
    good.media(voiced)
    bad?.media(voiced || ms > 3000)
    if (ms === 1900) {
      for (const rig of [good, bad])
        rig?.stt.sessions.at(-1)?.emit({ type: 'final', text: 'what time is it' })
    }
    if (ms === 5000) bad?.far.hangUp()
    await host.time.advance(20)
  }
  await good.end()
  return {
    sent: good.far.sent.map((sent) =>
      sent.kind === 'frame' ? { ...sent, bytes: Buffer.from(sent.bytes).toString('hex') } : sent,
    ),
    heard: good.stt.sessions.map((session) => Buffer.from(session.audio()).toString('hex')),
    writtenAt: good.stt.sessions.flatMap((session) => session.writes.map((write) => write.atMs)),
    events: good.events,
    pending: host.time.pending(),
  }
}

const alone = await runBeside()

it('a healthy call alone does what a call does', () => {
  expect(alone.sent.filter(({ kind }) => kind === 'frame').length).toBeGreaterThan(80)
  expect(alone.events.map(({ event }) => event)).toContain('reply_ended')
})

it.each<[string, { options?: CallRigOptions; breakIt?: (rig: Rig) => void }]>([
  ['is healthy, too', {}],
  ['has an STT that flaps', { options: { stt: { diesAtMs: 0, error: NETWORK } } }],
  ['has an STT that throws in write', { options: { stt: { writeThrows: new Error('no') } } }],
  ['has an STT that never opens', { options: { stt: { opening: { afterMs: Infinity } } } }],
  ['has a model that fails', { options: { llm: { replies: [{ error: NETWORK }] } } }],
  [
    'has a model that floods',
    { options: { llm: { replies: [{ text: Array<string>(3000).fill('word. ') }] } } },
  ],
  ['has a voice that stalls', { options: { tts: { stallsAfterBytes: 1000 } } }],
  ['has a voice that throws', { breakIt: (rig) => void (rig.tts.provider.speak = bang) }],
  ['has a line that throws on send', { breakIt: (rig) => void (rig.far.call.send = bang) }],
  ['has a full socket', { breakIt: (rig) => rig.far.setBufferedBytes(1e9) }],
  ['ends in the first moment', { breakIt: (rig) => rig.far.hangUp() }],
])('a call beside one that %s is the same to the byte and the millisecond', async (_what, faulty) => {
  const beside = await runBeside(faulty)
  expect(beside.sent).toEqual(alone.sent)
  expect(beside.heard).toEqual(alone.heard)
  expect(beside.writtenAt).toEqual(alone.writtenAt)
  expect(beside.events).toEqual(alone.events)
  expect(beside.pending).toBe(0)
})
