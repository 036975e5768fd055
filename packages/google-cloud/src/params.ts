import { Type } from '@sinclair/typebox'

/** A choice of texts. */
export const oneOf = <const V extends readonly string[]>(
  values: V,
  options: { description: string; default: V[number] },
) => Type.Unsafe<V[number]>({ type: 'string', enum: [...values], ...options })

export const credentialsParam = Type.Optional(
  Type.String({
    description:
      'Path of a service-account key file, or the JSON of one, plain or in base64 (from an environment variable). Empty: application default credentials.',
    default: '',
    format: 'file-path',
    writeOnly: true,
  }),
)

/** How HTTP/2 connections are shared and kept; `sharing` is what shares one, `Calls`. */
export const connectionParams = (sharing: string) => ({
  max_streams_per_connection: Type.Optional(
    Type.Integer({
      description: `${sharing} that share one HTTP/2 connection before another one is opened.`,
      default: 80,
      minimum: 1,
      maximum: 100,
    }),
  ),
  keepalive_time_ms: Type.Optional(
    Type.Integer({
      description: 'Quiet time before a keepalive ping.',
      default: 20_000,
      minimum: 1000,
      maximum: 3_600_000,
    }),
  ),
  keepalive_timeout_ms: Type.Optional(
    Type.Integer({
      description: 'Wait for its answer before the connection counts as dead.',
      default: 5000,
      minimum: 500,
      maximum: 120_000,
    }),
  ),
})
