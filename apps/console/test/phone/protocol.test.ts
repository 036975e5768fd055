import { createStreamMessages } from '@kav/phone/protocol'
import { describe, expect, it } from 'vitest'
import { parseMessage } from '../../../../packages/plugin-twilio/src/streams/messages.ts'

const messages = createStreamMessages({ accountSid: `AC${'0'.repeat(32)}`, callSid: 'CA1' }, 'MZ1')

describe('what the phone says is what the transport of Twilio’s streams reads', () => {
  it.each([
    ['connected', messages.connected(), { event: 'connected' }],
    [
      'start',
      messages.start({ token: 't', from: '+1' }),
      {
        event: 'start',
        start: {
          streamSid: 'MZ1',
          callSid: 'CA1',
          mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
          parameters: { token: 't', from: '+1' },
        },
      },
    ],
    ['media', messages.media(40, 'YWJj'), { event: 'media', inbound: true, payload: 'YWJj' }],
    ['a key', messages.dtmf('#'), { event: 'dtmf', digit: '#' }],
    ['a mark', messages.mark('reply#3'), { event: 'mark', name: 'reply#3' }],
    ['stop', messages.stop(), { event: 'stop' }],
  ])('%s', (_name, text, read) => {
    expect(parseMessage(text)).toEqual(read)
  })
})
