import { describe, expect, it } from 'vitest'
import { ProviderError, type RealtimeEvent } from '../../../src/contracts/index.ts'
import { createCallRig } from '../call-rig.ts'

/** A call whose caller has just finished their turn; the model does what the test says. */
async function afterTurn() {
  const rig = createCallRig({ settings: { conversation: { greeting: '' } }, realtime: { replies: [] } })
  rig.start()
  await rig.silence(100)
  const model = rig.realtime!.sessions[0]!
  model.emit({ type: 'speech-stopped', atMs: 80 })
  const told = () => rig.of('llm_request').map(({ fields }) => fields)
  const end = (reason: 'done' | 'interrupted' | 'failed' | 'lost', error?: ProviderError): RealtimeEvent => ({
    type: 'reply-ended',
    replyId: 'r',
    reason,
    ...(error && { error }),
  })
  return { ...rig, model, told, ended: end }
}

const AUDIO = { type: 'audio', itemId: 'i', audio: new Uint8Array(1600).fill(0x20) } as const

describe('an answer of a speech-to-speech model', () => {
  it('is told as a request to a model: when it began, when it was first heard of, what it took', async () => {
    const { silence, model, told, ended, end } = await afterTurn()
    model.emit({ type: 'reply-started', replyId: 'r' })
    await silence(200)
    model.emit(AUDIO)
    await silence(60)
    model.emit({ type: 'usage', inputTokens: 70, outputTokens: 12 })
    model.emit(ended('done'))
    await silence(20)
    const [one] = told()
    const { asked_ms: askedMs, first_ms: firstMs, ...rest } = one as Record<string, number>
    expect(firstMs! - askedMs!).toBe(200)
    expect(rest).toEqual({
      turn: 1,
      plugin: 'fake',
      output: 'speech',
      outcome: 'answered',
      input_tokens: 70,
      output_tokens: 12,
    })
    await end()
    expect(told()).toHaveLength(1)
  })

  it.each([
    ['interrupted', undefined, { outcome: 'cancelled' }],
    ['failed', new ProviderError('quota', 'too many'), { outcome: 'failed', code: 'KAV_PROVIDER_QUOTA' }],
    ['lost', undefined, { outcome: 'failed', code: 'KAV_PROVIDER_NETWORK' }],
  ] as const)('that was %s says so', async (reason, error, wanted) => {
    const { silence, model, told, ended, end } = await afterTurn()
    model.emit({ type: 'reply-started', replyId: 'r' })
    model.emit(ended(reason, error))
    await silence(20)
    expect(told()).toMatchObject([{ turn: 1, ...wanted }])
    expect(told()[0]).not.toHaveProperty('first_ms')
    await end()
  })

  it('that is still being made when the caller hangs up is cancelled', async () => {
    const { silence, model, told, end } = await afterTurn()
    model.emit({ type: 'reply-started', replyId: 'r' })
    model.emit(AUDIO)
    await silence(40)
    await end()
    expect(told()).toMatchObject([{ turn: 1, outcome: 'cancelled' }])
  })
})
