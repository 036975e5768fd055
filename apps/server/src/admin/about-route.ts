import { Type } from '@kav/core'
import { ownVersion } from '../own-version.ts'
import { type ApiRoute, jsonRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'

const ABOUT = Type.Object(
  {
    version: Type.String({ description: 'Of Kav.' }),
    node: Type.Optional(Type.String({ description: 'The name of this node; absent while it starts.' })),
    ready: Type.Boolean({ description: 'Whether there are pipelines yet, and connections are up.' }),
  },
  { $id: 'About', additionalProperties: false },
)

/** Who answers: the first that a console asks, to know whether its token is right. */
export function aboutRoute({ state }: Pick<ApiParts, 'state'>): ApiRoute {
  return jsonRoute({
    method: 'GET',
    path: '/api/about',
    summary: 'Who answers',
    answer: ABOUT,
    handle: () => ({
      version: ownVersion(),
      ...(state.directory && { node: state.directory.node }),
      ready: state.warm,
    }),
  })
}
