import { join, resolve } from 'node:path'
import { formatProblems, loadPipelineText, type Problem } from '@kav/core/host'
import { Type } from '@sinclair/typebox'
import { testConversations } from '../commands/test.ts'
import type { Environment } from '../environment.ts'
import { loadOptions, PipelineProblems } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { readSources } from '../service/pipeline-files.ts'
import { loadWithStandIns } from '../stand-in-environment.ts'
import { type AgentTool, agentTool } from './agent-tool.ts'

/** What is tried out, without reaching anybody. */
export function checkTools(env: Environment): readonly AgentTool[] {
  return [
    agentTool(
      'validate',
      'Checks a pipeline: every problem with line, column, path, error code and the likely fix. Give the YAML as `text`, ' +
        'or a file or folder as `path`. Variables (${NAME}) that are not set here are told apart. Reaches no provider; ' +
        'plugins that the pipeline names by a path are loaded.',
      {
        text: Type.Optional(Type.String({ description: 'The YAML itself.', maxLength: 1_000_000 })),
        path: Type.Optional(
          Type.String({ description: 'A pipeline file, or a folder of them.', minLength: 1 }),
        ),
        folder: Type.Optional(
          Type.String({
            description: 'With text: where its relative paths start. Absent: the working directory.',
          }),
        ),
      },
      async ({ text, path, folder = '.' }) => {
        if ((text === undefined) === (path === undefined))
          throw new Error('either text or path, and not both')
        const sources =
          path === undefined
            ? [
                {
                  file: join(resolve(folder), 'pipeline.yaml'),
                  text: { ok: true as const, text: text ?? '' },
                },
              ]
            : await readSources([path])
        const told = await Promise.all(sources.map((source) => validate(source, env)))
        return told.join('\n\n')
      },
    ),
    agentTool(
      'test',
      'Plays conversation tests (YAML scripts of what a caller does and the agent has to do) on fakes, in milliseconds: ' +
        'no provider is reached. Tells what happened in those that fail. How to write one: docs, page conversation-tests.',
      {
        scripts: Type.Array(Type.String({ minLength: 1 }), {
          description: 'Files of conversation tests.',
          minItems: 1,
          maxItems: 100,
        }),
        pipeline: Type.Optional(
          Type.String({
            description: 'Test this pipeline in place of the one a script names.',
            minLength: 1,
          }),
        ),
      },
      async ({ scripts, pipeline }) => {
        const lines: string[] = []
        const options = { events: true, ...(pipeline !== undefined && { pipeline }) }
        await testConversations(scripts, options, env, (line) => lines.push(line))
        return lines.join('\n')
      },
    ),
  ]
}

type Source = Awaited<ReturnType<typeof readSources>>[number]

async function validate({ file, text }: Source, env: Environment): Promise<string> {
  const load = (known: Environment) =>
    loadPipelineText(file, text, { ...loadOptions(known, createServerLoader()), files: true })
  const result = await load(env)
  if (result.ok) return [`${file}: ok`, ...result.warnings.map(problemLine)].join('\n')
  const unset = result.problems.filter(({ code }) => code === 'KAV_CONFIG_ENV_MISSING')
  const problems = result.problems.filter((problem) => !unset.includes(problem))
  if (problems.length === 0) {
    // What else is wrong shows once every variable has a value.
    const wrong = await loadWithStandIns(env, load).then(
      () => '',
      (thrown: unknown) => {
        if (thrown instanceof PipelineProblems) return thrown.message
        throw thrown
      },
    )
    if (wrong !== '') return wrong
    return [`${file}: ok, once these variables are set:`, ...unset.map(problemLine)].join('\n')
  }
  return [...problems, ...unset].map(problemLine).join('\n')
}

function problemLine(problem: Problem): string {
  return `${formatProblems([problem])} [${problem.code}]`
}
