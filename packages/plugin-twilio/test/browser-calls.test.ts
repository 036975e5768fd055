import type { BrowserOffer, CallPlace, CallRefusal, OfferedCall } from '@kav/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATORS_PATH, openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'
import { CONNECTED, mediaMessage, openTwilioStream, startMessage, STOP } from '../testing/twilio-stream.ts'

const FULL: CallRefusal = { refused: 'full', instead: { how: 'refuse' } }

let line: TwilioLine
beforeEach(async () => {
  line = await openTwilioLine({
    params: {
      auth_token: 'the-auth-token',
      account_sid: `AC${'0'.repeat(32)}`,
      public_url: 'https://voice.example.com',
      validate_signature: true,
      stream_token: 'optional',
      stream_parameters: { campaign: 'spring' },
      // Nobody answers here: an own call asks no carrier.
      api_base_url: 'http://127.0.0.1:1',
    },
  })
})
afterEach(() => line.close())

const admit = (answer: CallPlace | CallRefusal = line.server.host.admit({ id: '' }, 0) as CallPlace) => {
  const asked: OfferedCall[] = []
  return { asked, admit: async (call: OfferedCall) => (asked.push(call), answer) }
}
const offer = async (from = '+15550001111'): Promise<BrowserOffer> =>
  (await line.provider.browserCalls!.offer({ from }, admit().admit)) as BrowserOffer
const stream = (path = OPERATORS_PATH) =>
  openTwilioStream(line.server.origin.replace('http', 'ws') + path, { protocol: 'kav.v1' })

async function started({ id, parameters }: BrowserOffer) {
  const open = await stream()
  open.send(CONNECTED)
  open.send(startMessage({ ...parameters }, id))
  return open
}

describe('a call that is offered to a browser', () => {
  it('is a call like another, where signatures are checked, too', async () => {
    const offered = await offer()
    const open = await started(offered)
    await expect.poll(() => line.calls.length).toBe(1)
    const { call, events } = line.calls[0]!
    expect(call.id).toBe(offered.id)
    expect(call.params).toEqual({ campaign: 'spring', direction: 'inbound', from: '+15550001111' })
    open.send(mediaMessage(Buffer.alloc(160, 0xff)))
    open.send({ ...STOP, stop: { ...STOP.stop, callSid: offered.id } })
    await line.calls[0]!.over
    expect(events).toEqual(['media 160', 'hang-up caller'])
  })

  it('takes the place it was promised, and keeps no other', async () => {
    await started(await offer())
    await expect.poll(() => line.calls.length).toBe(1)
    expect(line.server.promised).toBe(0)
  })

  it('is hung up by its stream: the carrier knows nothing of it', async () => {
    const open = await started(await offer())
    await expect.poll(() => line.calls.length).toBe(1)
    const { call } = line.calls[0]!
    expect(call.transfer).toBeUndefined()
    await call.hangUp()
    expect((await open.closed).code).toBe(1000)
    expect(line.context.log.find('TWILIO: hang-up by REST failed, closing the stream instead')).toEqual([])
  })

  it('is refused as the carrier’s are', async () => {
    const { asked, admit: full } = admit(FULL)
    expect(await line.provider.browserCalls!.offer({ to: '+15552223333' }, full)).toEqual(FULL)
    expect(asked).toMatchObject([{ to: '+15552223333' }])
  })

  it('is refused once the transport closes', async () => {
    await line.provider.close()
    const { asked, admit: never } = admit()
    const answer = await line.provider.browserCalls!.offer({}, never)
    expect(answer).toMatchObject({ refused: 'draining' })
    expect(asked).toEqual([])
    await expect(stream()).rejects.toThrow('HTTP 503')
  })
})

describe('nobody else gets in by it', () => {
  const refusedFor = async (parameters: Record<string, string>, id: string): Promise<string> => {
    const { reason } = await (await started({ id, parameters })).closed
    return reason
  }

  it('no stream that was not offered, even where the carrier’s needs no token', async () => {
    expect(await refusedFor({}, 'CA1')).toBe('token-missing')
    expect(await refusedFor({ token: 'made-up' }, 'CA1')).toBe('token-invalid')
    expect(line.calls).toEqual([])
  })

  it('none with a token that was used, or is another call’s', async () => {
    const { id, parameters } = await offer()
    const first = await started({ id, parameters })
    await expect.poll(() => line.calls.length).toBe(1)
    first.socket.close()
    await line.calls[0]!.over
    expect(await refusedFor({ ...parameters }, id)).toBe('token-used')
    expect(await refusedFor({ ...(await offer()).parameters }, id)).toBe('token-invalid')
  })

  it('and the carrier’s own path asks for a signature as before', async () => {
    await offer()
    await expect(stream('/twilio/media')).rejects.toThrow('HTTP 403')
  })
})
