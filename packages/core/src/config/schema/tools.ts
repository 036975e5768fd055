import { Type } from '@sinclair/typebox'
import { CLOSED, CLOSED_WITH_DEFAULTS, oneOf, phoneTarget } from './field.ts'
import { ToolStageSchema } from './stage.ts'

const TransferSchema = Type.Object(
  {
    description: Type.Optional(
      Type.String({ description: 'When to transfer, for the llm.', minLength: 1, maxLength: 1000 }),
    ),
    numbers: Type.Record(
      Type.String(),
      phoneTarget('A number as +15551234567, or a SIP address as sip:name@host'),
      {
        description: 'Where to, by the names that the llm may say. It reaches these and no others.',
        minProperties: 1,
      },
    ),
  },
  { ...CLOSED, description: 'Lets the llm transfer the caller. Absent: it cannot.' },
)

const AuthSchema = Type.Object(
  {
    bearer: Type.Optional(
      Type.String({ description: 'A token; write ${NAME}, never the token itself.', minLength: 1 }),
    ),
    user: Type.Optional(Type.String({ description: 'Name of the user, with password.', minLength: 1 })),
    password: Type.Optional(Type.String({ description: 'Write ${NAME}, never the password itself.' })),
  },
  { ...CLOSED, description: 'Who the request is from: bearer alone, or user and password.' },
)

const HttpToolSchema = Type.Object(
  {
    name: Type.String({
      description: 'Name of the tool for the llm, such as check_order',
      pattern: '^[A-Za-z_][A-Za-z0-9_-]*$',
      maxLength: 64,
    }),
    description: Type.String({
      description: 'What it does and when to use it, for the llm.',
      minLength: 1,
      maxLength: 1000,
    }),
    method: oneOf(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], {
      description: 'Of the request.',
      default: 'GET',
    }),
    url: Type.String({
      description:
        'Of the request. Behind the host, {name} is an argument and {{name}} a value of the call, percent-encoded.',
      minLength: 1,
      maxLength: 2000,
    }),
    headers: Type.Record(Type.String(), Type.String(), {
      description: 'More headers. Their values may hold {{name}}, a value of the call.',
      default: {},
    }),
    auth: Type.Optional(AuthSchema),
    parameters: Type.Record(Type.String(), Type.Unknown(), {
      description: 'JSON Schema of the arguments.',
      default: { type: 'object', properties: {}, additionalProperties: false },
    }),
    body: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          'Sent as JSON; its texts may hold {name} and {{name}}. Absent: POST, PUT and PATCH send the arguments ' +
          'that the URL does not use.',
      }),
    ),
    pick: Type.Array(
      Type.String({ pattern: '^[^.\\s]+(\\.[^.\\s]+)*$', description: 'A path such as order.status' }),
      {
        description: 'What the llm is told of a JSON answer, as paths (order.status). Empty: all of it.',
        maxItems: 50,
        default: [],
      },
    ),
    timeout_ms: Type.Integer({
      description: 'How long the whole exchange may take.',
      minimum: 100,
      maximum: 60_000,
      default: 5000,
    }),
    max_response_bytes: Type.Integer({
      description: 'What is read of the answer; the llm is told when there was more.',
      minimum: 256,
      maximum: 1_048_576,
      default: 16_384,
    }),
  },
  { ...CLOSED, description: 'A tool that asks an HTTP service.' },
)

const fillerFields = {
  after_ms: Type.Integer({
    description: 'A tool that takes longer than this lets the caller hear a filler. 0: never.',
    minimum: 0,
    maximum: 60_000,
    default: 1200,
  }),
  texts: Type.Array(Type.String({ minLength: 1 }), {
    description: 'The fillers, in turn. Empty: none.',
    maxItems: 20,
    default: ['One moment, please.'],
  }),
}

const FillerSchema = Type.Object(fillerFields, {
  ...CLOSED_WITH_DEFAULTS,
  description: 'What is said while a tool takes long.',
})

/** The fields of an entry of `tools.mcp` that are Kav's own; all others are params of the plugin that speaks MCP. */
const McpServerSchema = Type.Object(
  {
    timeout_ms: Type.Integer({
      description: 'How long one call of its tools may take.',
      minimum: 100,
      maximum: 120_000,
      default: 5000,
    }),
    filler: Type.Optional(
      Type.Object(fillerFields, {
        ...CLOSED,
        description: 'What is said while its tools take long, in place of tools.filler; without {{name}}.',
      }),
    ),
  },
  {
    additionalProperties: true,
    description: 'A server of the Model Context Protocol: these fields, and the params of @kav/plugin-mcp.',
  },
)

/** Whose params the rest of an entry of `tools.mcp` are. */
export const MCP_PLUGIN = '@kav/plugin-mcp'
export const MCP_FIELDS: readonly string[] = Object.keys(McpServerSchema.properties)

export const ToolsSchema = Type.Object(
  {
    hang_up: Type.Boolean({ description: 'The llm may end the call.', default: true }),
    transfer: Type.Optional(TransferSchema),
    press_keys: Type.Boolean({ description: 'The llm may send touch tones.', default: false }),
    wait: Type.Boolean({ description: 'The llm may stay silent for a while.', default: false }),
    http: Type.Array(HttpToolSchema, {
      description: 'Tools that ask an HTTP service.',
      maxItems: 64,
      default: [],
    }),
    plugins: Type.Array(ToolStageSchema, {
      description: 'Tools written in code, as plugins.',
      maxItems: 32,
      default: [],
    }),
    mcp: Type.Array(McpServerSchema, {
      description: 'Servers of the Model Context Protocol, some of whose tools the llm may use.',
      maxItems: 16,
      default: [],
    }),
    filler: FillerSchema,
    max_rounds: Type.Integer({
      description: 'How many times in one reply the llm may call tools.',
      minimum: 1,
      maximum: 20,
      default: 5,
    }),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'What the llm may do besides speaking.' },
)
