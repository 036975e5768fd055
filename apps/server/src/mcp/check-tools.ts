import { Type } from '@sinclair/typebox'
import type { Environment } from '../environment.ts'
import { type AgentTool, agentTool } from './agent-tool.ts'
import type { AskOwnProcess } from './own-process.ts'
import { validateHere } from './validate-text.ts'

/** What is tried out, without reaching anybody. */
export function checkTools(env: Environment, ask: AskOwnProcess): readonly AgentTool[] {
  return [
    agentTool(
      'validate',
      'Checks a pipeline: every problem with line, column, path, error code and the likely fix. Give the YAML as `text`, ' +
        'or a file or folder as `path`. Variables (${NAME}) that are not set here are told apart. Reaches no provider; ' +
        'plugins are loaded as they are now, and their providers made.',
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
      async (args) => {
        if ((args.text === undefined) === (args.path === undefined))
          throw new Error('either text or path, and not both')
        return (await validateHere(args, env)) ?? ask({ tool: 'validate', args, env })
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
      (args) => ask({ tool: 'test', args, env }),
    ),
  ]
}
