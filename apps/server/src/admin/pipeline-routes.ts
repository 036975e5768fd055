import { type Static, Type } from '@kav/core'
import type { Problem } from '@kav/core/host'
import type { CheckAsk } from '../check/check-messages.ts'
import { type CheckText, createCheckText } from '../check/check-text.ts'
import { namedPlugins } from '../plugins.ts'
import { ApiFault } from './api/api-fault.ts'
import { type ApiRoute, jsonRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'

export const PROVIDER_STATE = Type.Object(
  {
    kind: Type.String(),
    provider: Type.String(),
    region: Type.String({ description: 'Empty where the provider has none.' }),
    state: Type.Union([Type.Literal('closed'), Type.Literal('open'), Type.Literal('half-open')], {
      description: '`closed`: well; `open`: down; `half-open`: it was down, and is being tried.',
    }),
    code: Type.Optional(Type.String({ description: 'Of the fault that it is down with.' })),
  },
  { $id: 'ProviderState', additionalProperties: false },
)

const RUNNING = Type.Object(
  {
    name: Type.String(),
    file: Type.String(),
    version: Type.String({ description: 'Hash of the text that runs.' }),
    calls: Type.Integer(),
    able: Type.Boolean({ description: 'Every stage has a provider that may work.' }),
    refusing: Type.Optional(Type.String({ description: 'Why a new call would be refused now.' })),
    providers: Type.Array(PROVIDER_STATE),
  },
  { $id: 'RunningPipeline', additionalProperties: false },
)

const PROBLEM = Type.Object(
  {
    line: Type.Integer({ description: 'From 1.' }),
    column: Type.Integer({ description: 'From 1, in UTF-16 units.' }),
    path: Type.String(),
    level: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
    message: Type.String(),
  },
  { $id: 'PipelineProblem', additionalProperties: false },
)

const FILE = Type.Object(
  {
    name: Type.String(),
    file: Type.String(),
    running: Type.String({ description: 'Hash of the text that runs.' }),
    version: Type.Optional(Type.String({ description: 'Hash of the file now; absent where it has errors.' })),
    yaml: Type.String({ description: 'The file as it is now.' }),
    problems: Type.Array(PROBLEM),
    effective: Type.Optional(
      Type.Unknown({
        description: 'With all defaults and variables, secrets masked; absent where it has errors.',
      }),
    ),
  },
  { $id: 'PipelineFile', additionalProperties: false },
)

const DRAFT = Type.Object(
  {
    yaml: Type.String(),
    name: Type.Optional(
      Type.String({
        description: 'The pipeline whose file it is to become: paths in it are seen from there.',
      }),
    ),
  },
  { $id: 'PipelineDraft', additionalProperties: false },
)

const LIST = Type.Object(
  { pipelines: Type.Array(RUNNING) },
  { $id: 'Pipelines', additionalProperties: false },
)

/** The largest pipelines with all their prompts have a tenth of it. */
const MAX_YAML_BYTES = 128 * 1024
/** In JSON every quote and line of it is two characters. */
const MAX_DRAFT_BYTES = 2 * MAX_YAML_BYTES + 1024

/** The pipelines of the process, and the file of one as it is now, checked. */
export function pipelineRoutes({
  state,
  env,
  clock,
}: Pick<ApiParts, 'state' | 'env' | 'clock'>): readonly ApiRoute[] {
  const checkText = createCheckText(clock)
  return [
    jsonRoute({
      method: 'GET',
      path: '/api/pipelines',
      summary: 'The pipelines that take calls',
      answer: LIST,
      handle: () => ({
        pipelines: runningIn(state).map(
          ({ providers, promised_calls: _promised, free_calls: _free, ...running }) => ({
            ...running,
            providers: [...providers],
          }),
        ),
      }),
    }),
    jsonRoute({
      method: 'POST',
      path: '/api/pipelines/validate',
      summary:
        'What is wrong with a text that is no file yet, up to 128 KB of it; nothing is changed, and no plugin is imported that no running pipeline has',
      body: DRAFT,
      maxBodyBytes: MAX_DRAFT_BYTES,
      faults: ['no-room', 'no-answer'],
      answer: Type.Object(
        { problems: Type.Array(PROBLEM) },
        { $id: 'PipelineProblems', additionalProperties: false },
      ),
      async handle({ body: { yaml, name } }) {
        if (Buffer.byteLength(yaml) > MAX_YAML_BYTES)
          throw new ApiFault(
            'too-large',
            `more than ${MAX_YAML_BYTES / 1024} KB of YAML`,
            'no pipeline is that long: run kav validate <file>, which takes a megabyte',
          )
        const file = runningIn(state).find((one) => one.name === name)?.file ?? 'pipeline.yaml'
        const only = state.history?.pipelines.flatMap(namedPlugins) ?? []
        const { problems } = await checked({ file, text: { ok: true, text: yaml }, env, only }, checkText)
        return { problems }
      },
    }),
    jsonRoute({
      method: 'GET',
      path: '/api/pipelines/{name}',
      summary: 'The file of one, what is wrong with it, and what it comes to',
      answer: FILE,
      faults: ['unknown-pipeline', 'no-room', 'no-answer'],
      async handle({ params }) {
        const running = runningIn(state).find(({ name }) => name === params['name'])
        if (running === undefined)
          throw new ApiFault(
            'unknown-pipeline',
            'no pipeline has this name',
            'GET /api/pipelines has their names',
          )
        return {
          name: running.name,
          file: running.file,
          running: running.version,
          ...(await checked({ file: running.file, env }, checkText)),
        }
      },
    }),
  ]
}

function runningIn(state: ApiParts['state']) {
  return state.status?.().pipelines ?? []
}

/** Never longer, and never in the way of a call: see `check-text.ts`. */
async function checked(ask: CheckAsk, checkText: CheckText) {
  const result = await checkText(ask)
  if (typeof result === 'object') {
    const { problems, ...told } = result
    return { ...told, problems: problems.map(toldProblem) }
  }
  const fix = 'run: kav validate <file>'
  if (result === 'busy')
    throw new ApiFault('no-room', 'other texts are being checked', 'ask again in a moment')
  if (result === 'late') throw new ApiFault('no-answer', 'checking it took too long and was ended', fix)
  throw new ApiFault('no-answer', 'the thread that checked it has died', fix)
}

/** What was not looked at is not wrong. */
function toldProblem({ code, line, column, path, severity, message }: Problem): Static<typeof PROBLEM> {
  const level = code === 'KAV_PLUGIN_UNCHECKED' ? 'warning' : severity
  return { line, column, path, level, message }
}
