import { type Static, type TSchema, Type } from '@kav/core'
import type { OperatorAction } from '@kav/core/host'
import { LIVE_CALL, LIVE_CALL_DETAIL } from '../live/live-call.ts'
import type { ApiFaultCode } from './api/api-fault.ts'
import { type ApiRoute, jsonRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'
import { callsOf, withCallFaults } from './calls-of.ts'

const Closed = { additionalProperties: false } as const
const MAX_TEXT = 2000

const DONE = Type.Object({ ok: Type.Literal(true) }, { $id: 'Done', ...Closed })

const SAY = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: MAX_TEXT, pattern: '\\S' }),
    at: Type.Optional(
      Type.Union([Type.Literal('turn'), Type.Literal('once')], {
        description:
          '`turn` (default): when the agent has finished and the caller is silent. `once`: now, and to its end.',
      }),
    ),
  },
  { $id: 'Say', ...Closed },
)
const WHISPER = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: MAX_TEXT, pattern: '\\S' }) },
  { $id: 'Whisper', ...Closed },
)
const KEYS = Type.Object(
  {
    digits: Type.String({
      pattern: '^[0-9A-D*#w]{1,64}$',
      description: '`0-9`, `*`, `#`, `A-D`; `w` is half a second of silence.',
    }),
  },
  { $id: 'Keys', ...Closed },
)
const TRANSFER = Type.Object(
  {
    to: Type.String({
      pattern: '^(?:\\+?[0-9]{3,20}|sips?:[^\\s<>"&]{3,200})$',
      description: 'A number or a SIP address.',
    }),
  },
  { $id: 'Transfer', ...Closed },
)
const MUTE = Type.Object({ on: Type.Boolean() }, { $id: 'Mute', ...Closed })

/** Which calls there are, and what operators do with them. */
export function callRoutes(parts: Pick<ApiParts, 'state'>): readonly ApiRoute[] {
  return [
    jsonRoute({
      method: 'GET',
      path: '/api/calls',
      summary: 'Calls that are promised or run, of all processes and nodes',
      answer: Type.Object({ calls: Type.Array(LIVE_CALL) }, { $id: 'LiveCalls', ...Closed }),
      faults: ['not-ready'],
      handle: async () => ({ calls: [...(await callsOf(parts).list())] }),
    }),
    jsonRoute({
      method: 'GET',
      path: '/api/calls/{id}',
      summary: 'One call, with all that was said so far',
      answer: LIVE_CALL_DETAIL,
      faults: ['unknown-call', 'node-lost', 'no-answer', 'not-ready'],
      handle: ({ params }) => withCallFaults(callsOf(parts).detail(params['id']!)),
    }),
    acting(parts, 'say', 'Has the agent say something', SAY, (body) => ({ type: 'say', ...body })),
    acting(parts, 'whisper', 'Tells the model something that the caller does not hear', WHISPER, (body) => ({
      type: 'whisper',
      ...body,
    })),
    acting(parts, 'interrupt', 'Stops the agent as the caller would', undefined, () => ({
      type: 'interrupt',
    })),
    acting(parts, 'keys', 'Presses keys: tones to the far end', KEYS, (body) => ({ type: 'keys', ...body })),
    acting(parts, 'transfer', 'Hands the caller over', TRANSFER, (body) => ({ type: 'transfer', ...body })),
    acting(parts, 'hangup', 'Ends the call', undefined, () => ({ type: 'hang-up' })),
    acting(parts, 'mute', 'Mutes the agent, or lets it be heard', MUTE, (body) => ({
      type: 'mute',
      ...body,
    })),
  ]
}

const ACTION_FAULTS: readonly ApiFaultCode[] = [
  'unknown-call',
  'cannot-do',
  'call-over',
  'not-taken',
  'too-many',
  'node-lost',
  'no-answer',
  'not-ready',
]

function acting<Body extends TSchema | undefined>(
  parts: Pick<ApiParts, 'state'>,
  name: string,
  summary: string,
  body: Body,
  action: (body: Body extends TSchema ? Static<Body> : undefined) => OperatorAction,
): ApiRoute {
  return jsonRoute({
    method: 'POST',
    path: `/api/calls/{id}/${name}`,
    summary,
    ...(body && { body }),
    answer: DONE,
    faults: ACTION_FAULTS,
    async handle(request) {
      const { params, by } = request
      const what = action(request.body)
      await withCallFaults(callsOf(parts).act(params['id']!, what, by))
      return { ok: true as const }
    },
  })
}
