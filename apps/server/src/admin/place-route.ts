import { createHash } from 'node:crypto'
import { type Static, Type } from '@kav/core'
import type { PlaceAnswer, PlaceRefusal } from '../live/place-ask.ts'
import { ApiFault, type ApiFaultCode } from './api/api-fault.ts'
import { type ApiRoute, jsonRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'
import { callsOf, withCallFaults } from './calls-of.ts'

const PLACE = Type.Object(
  {
    pipeline: Type.String({ minLength: 1 }),
    to: Type.String({
      pattern: '^(?:\\+[1-9][0-9]{6,14}|sips?:[^\\s<>"&]{3,200})$',
      description: 'Who is called.',
    }),
    from: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 64,
        description: 'What they are shown; the pipeline’s first number when absent.',
      }),
    ),
    values: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,63}$' }),
        Type.String({ maxLength: 400 }),
        {
          maxProperties: 30,
          additionalProperties: false,
          description: 'For `{{name}}` in the pipeline, and in the record.',
        },
      ),
    ),
  },
  { $id: 'PlaceCall', additionalProperties: false },
)

const PLACED = Type.Object(
  { id: Type.String({ description: 'As the call will be called once it is answered.' }) },
  { $id: 'PlacedCall', additionalProperties: false },
)

const MAX_KEYS = 1000

interface Kept {
  readonly asked: string
  readonly answer: Promise<Static<typeof PLACED>>
}

/** Calls out. The same `idempotency-key` is the same call: asked again, it is answered as the first time. */
export function placeRoute(parts: ApiParts): ApiRoute {
  const kept = new Map<string, Kept>()

  async function place(body: Static<typeof PLACE>): Promise<Static<typeof PLACED>> {
    const calls = callsOf(parts)
    const answer = await withCallFaults(calls.place({ ...body, values: body.values ?? {} }))
    parts.metrics.count('calls_placed_total', 1, { outcome: 'refused' in answer ? answer.refused : 'taken' })
    if ('refused' in answer) throw refusal(answer)
    return { id: answer.id }
  }

  return jsonRoute({
    method: 'POST',
    path: '/api/calls',
    summary: 'Has somebody called; with an `idempotency-key` header once, however often it is asked',
    body: PLACE,
    answer: PLACED,
    status: 202,
    faults: ['unknown-pipeline', 'cannot-do', 'not-taken', 'key-reused', 'too-soon', 'no-room', 'not-ready'],
    async handle({ body, headers }) {
      const key = headers['idempotency-key']
      if (typeof key !== 'string' || key === '') return await place(body)
      const asked = createHash('sha256').update(JSON.stringify(body)).digest('hex')
      const before = kept.get(key)
      if (before !== undefined && before.asked !== asked)
        throw new ApiFault(
          'key-reused',
          'another call was asked for with this idempotency-key',
          'take a fresh key for each call',
        )
      if (before !== undefined) return await before.answer
      const [oldest] = kept.keys()
      if (oldest !== undefined && kept.size >= MAX_KEYS) kept.delete(oldest)
      const answer = place(body)
      kept.set(key, { asked, answer })
      // What was refused may be asked for once more; what may have been done may not.
      answer.catch((error: unknown) => {
        if (error instanceof ApiFault && error.code !== 'no-answer' && error.code !== 'not-taken')
          kept.delete(key)
      })
      return await answer
    },
  })
}

function refusal({ refused, message }: Extract<PlaceAnswer, { refused: PlaceRefusal }>): ApiFault {
  const { code, says, fix } = REFUSALS[refused]
  return new ApiFault(code, message ?? says, fix)
}

const FULL = {
  code: 'no-room',
  says: 'there is no room for one more call',
  fix: 'wait until one is over, or raise limits.max_calls',
} as const

const REFUSALS: Readonly<
  Record<PlaceRefusal, { readonly code: ApiFaultCode; readonly says: string; readonly fix: string }>
> = {
  'unknown-pipeline': {
    code: 'unknown-pipeline',
    says: 'no pipeline has this name',
    fix: 'GET /api/pipelines has their names',
  },
  'unknown-number': FULL,
  'no-outbound': {
    code: 'cannot-do',
    says: 'the transport of this pipeline places no calls',
    fix: 'give @kav/plugin-twilio account_sid, a token or key, and public_url',
  },
  'no-from': {
    code: 'bad-request',
    says: 'no number is there to be shown',
    fix: 'send from, or give the pipeline numbers',
  },
  'too-soon': {
    code: 'too-soon',
    says: 'more calls are placed than the carrier takes a second',
    fix: 'ask again in some seconds, or raise calls_per_second where the carrier takes more',
  },
  carrier: {
    code: 'not-taken',
    says: 'the carrier did not take the call',
    fix: 'see the message; look at the calls before it is asked again: it may have been done',
  },
  draining: { code: 'not-ready', says: 'the process takes no more calls', fix: 'ask the next one' },
  full: FULL,
  hook: FULL,
  overloaded: FULL,
}
