import { Type } from '@kav/core'
import type { LevelName } from '../process/log-levels.ts'
import { ApiFault } from './api/api-fault.ts'
import { type ApiRoute, jsonRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'

const DEFAULT_FOR_MS = 600_000
const MAX_FOR_MS = 86_400_000
const NAMES: readonly LevelName[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

const ASK = Type.Object(
  {
    level: Type.Union(NAMES.map((name) => Type.Literal(name))),
    call: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Lines of this call alone.' }),
    ),
    plugin: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Lines of this plugin alone, `google-stt`.' }),
    ),
    forMs: Type.Optional(
      Type.Integer({
        minimum: 1000,
        maximum: MAX_FOR_MS,
        description: 'After it all is as before. Default: ten minutes.',
      }),
    ),
  },
  { $id: 'LogLevelAsk', additionalProperties: false },
)

const ANSWER = Type.Object(
  { ok: Type.Literal(true), until: Type.String({ description: 'When it falls back.' }) },
  { $id: 'LogLevelAnswer' },
)

/** From which level on lines are written, for a while, in every process of this service. */
export function logLevelRoute({ state, clock, log }: ApiParts): ApiRoute {
  return jsonRoute({
    method: 'POST',
    path: '/api/log-level',
    summary: 'More of the log, or less, for a while: of all lines, of one call, of one plugin',
    body: ASK,
    answer: ANSWER,
    faults: ['not-ready'],
    handle({ body, by }) {
      const change = { ...body, forMs: body.forMs ?? DEFAULT_FOR_MS }
      if (state.changeLevel === undefined)
        throw new ApiFault('not-ready', 'the process is still starting', 'ask again in a second')
      state.changeLevel(change)
      state.tellLevel?.(change)
      const { level, ...of } = change
      log.warn({ level_asked: level, ...of, by }, 'LOG: the level is another one for a while')
      return { ok: true as const, until: new Date(clock.wallMs() + change.forMs).toISOString() }
    },
  })
}
