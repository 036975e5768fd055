import { type Static, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** One tool of `kav mcp`. None of them places a call, reaches a provider or spends money. */
export interface AgentTool {
  readonly name: string
  /** For the model that chooses it. */
  readonly description: string
  readonly input: TSchema
  /** Answers in text. Rejects with what is wrong, in words for the model. */
  run(args: unknown): Promise<string>
}

/** Ties a tool's arguments to their schema; what does not fit is told with its place. */
export function agentTool<Properties extends TProperties>(
  name: string,
  description: string,
  properties: Properties,
  run: (args: Static<TObject<Properties>>) => Promise<string> | string,
): AgentTool {
  const input = Type.Object(properties, { additionalProperties: false })
  return {
    name,
    description,
    input,
    async run(args) {
      const [fault] = Value.Errors(input, args)
      if (fault)
        throw new Error(`${fault.path === '' ? 'the arguments' : fault.path.slice(1)}: ${fault.message}`)
      return run(args as Static<TObject<Properties>>)
    },
  }
}
