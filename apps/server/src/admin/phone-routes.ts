import { Type } from '@kav/core'
import type { BrowserCallAnswer, BrowserDoor, BrowserRefusal } from '../service/browser-door.ts'
import { ApiFault } from './api/api-fault.ts'
import { type ApiRoute, handoverRoute, jsonRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'

const ASK = Type.Object(
  {
    pipeline: Type.String({ minLength: 1, description: 'Its name.' }),
    from: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'Who calls, as a carrier would say it: `+15550100`.',
      }),
    ),
  },
  { $id: 'PhoneAsk', additionalProperties: false },
)

const OFFER = Type.Object(
  {
    callId: Type.String(),
    streamUrl: Type.String({ description: 'Below this address: a WebSocket of this port.' }),
    parameters: Type.Record(Type.String(), Type.String(), {
      description: 'What the stream says in `start.customParameters`. Good for one stream, for some seconds.',
    }),
  },
  { $id: 'PhoneOffer', additionalProperties: false },
)

/** The phone of the console: a call by the carrier's own media protocol, for whoever has the token. */
export function phoneRoutes({ state }: Pick<ApiParts, 'state'>): readonly ApiRoute[] {
  const door = (): BrowserDoor => {
    if (state.browser !== undefined) return state.browser
    throw new ApiFault('not-ready', 'no call is taken yet', 'ask again in a second')
  }
  return [
    jsonRoute({
      method: 'POST',
      path: '/api/phone',
      summary: 'A call from a browser: promises it, and says where its media stream is to come to',
      body: ASK,
      answer: OFFER,
      faults: ['unknown-pipeline', 'cannot-do', 'not-ready', 'no-room'],
      async handle({ body }) {
        const answer = await door().offer(body)
        if ('refused' in answer) throw faultOf(answer.refused, body.pipeline)
        const { callId, parameters } = answer
        return { callId, streamUrl: streamUrlOf(answer), parameters }
      },
    }),
    handoverRoute({
      method: 'GET',
      path: '/api/phone/stream/{pipeline}/{slot}',
      summary: 'The media stream of such a call',
      messages: 'Those of Twilio Media Streams, both ways: mu-law at 8 kHz.',
      faults: ['not-ready'],
      receive({ params: { pipeline = '', slot } }, ...upgrade) {
        return door().receive({ pipeline, slot: Number(slot) || 0 }, ...upgrade)
      },
    }),
  ]
}

function streamUrlOf({ to }: Exclude<BrowserCallAnswer, { refused: BrowserRefusal }>): string {
  return `/api/phone/stream/${encodeURIComponent(to.pipeline)}/${to.slot}`
}

function faultOf(refused: BrowserRefusal, pipeline: string): ApiFault {
  switch (refused) {
    case 'unknown-pipeline':
    case 'unknown-number':
      return new ApiFault('unknown-pipeline', 'no pipeline has this name', 'see the list of pipelines')
    case 'no-browser-calls':
      return new ApiFault(
        'cannot-do',
        `the transport of "${pipeline}" cannot be called from a browser`,
        'give the pipeline a transport that can (@kav/plugin-twilio), or use kav call',
      )
    case 'draining':
      return new ApiFault('not-ready', 'the process takes no more calls', 'wait for the next one')
    default:
      return new ApiFault(
        'no-room',
        `no more calls now: ${refused}`,
        'wait until one is over, or raise limits.max_calls',
      )
  }
}
