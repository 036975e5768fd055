import { type Static, Type } from '@kav/core'
import { type FileText, loadPipelineText, type Problem, readPipelineText } from '@kav/core/host'
import { isSecretKey } from '@kav/core/kit'
import { loadOptions } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { hidePipeline } from '../privacy/secrets.ts'
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

/** A file may have a megabyte; in JSON every quote and line of it is two characters. */
const MAX_DRAFT_BYTES = 2 * 1024 * 1024 + 1024

/** The pipelines of the process, and the file of one as it is now, checked. */
export function pipelineRoutes({ state, env }: Pick<ApiParts, 'state' | 'env'>): readonly ApiRoute[] {
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
      summary: 'What is wrong with a text that is no file yet; nothing is changed',
      body: DRAFT,
      maxBodyBytes: MAX_DRAFT_BYTES,
      answer: Type.Object(
        { problems: Type.Array(PROBLEM) },
        { $id: 'PipelineProblems', additionalProperties: false },
      ),
      async handle({ body: { yaml, name } }) {
        const file = runningIn(state).find((one) => one.name === name)?.file ?? 'pipeline.yaml'
        const { problems } = await checkedText(file, { ok: true, text: yaml }, env)
        return { problems }
      },
    }),
    jsonRoute({
      method: 'GET',
      path: '/api/pipelines/{name}',
      summary: 'The file of one, what is wrong with it, and what it comes to',
      answer: FILE,
      faults: ['unknown-pipeline'],
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
          ...(await checkedFile(running.file, env)),
        }
      },
    }),
  ]
}

function runningIn(state: ApiParts['state']) {
  return state.status?.().pipelines ?? []
}

async function checkedFile(file: string, env: ApiParts['env']) {
  return await checkedText(file, await readPipelineText(file), env)
}

async function checkedText(file: string, text: FileText, env: ApiParts['env']) {
  const result = await loadPipelineText(file, text, {
    ...loadOptions(env, createServerLoader()),
    files: true,
  })
  if (!result.ok) return { yaml: text.text, problems: result.problems.map(toldProblem) }
  const { pipeline, warnings } = result
  hidePipeline(pipeline)
  const { version, config } = pipeline
  return {
    yaml: text.text,
    problems: warnings.map(toldProblem),
    version,
    effective: withoutSecretFields(config),
  }
}

function toldProblem({ line, column, path, severity, message }: Problem): Static<typeof PROBLEM> {
  return { line, column, path, level: severity, message }
}

/** What is known to be secret is hidden in every answer; here goes what only its name says it of, too. */
function withoutSecretFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretFields)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    isSecretKey(key) && typeof one === 'string' ? '(secret)' : withoutSecretFields(one),
  ])
  return Object.fromEntries(entries)
}
