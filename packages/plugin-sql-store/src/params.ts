import { type Static, Type } from '@sinclair/typebox'

export const ParamsSchema = Type.Object(
  {
    file: Type.String({
      description:
        'File of the embedded engine, SQLite. Relative to the directory the process runs in, as `record.dir` is.',
      minLength: 1,
      default: 'recordings/calls.db',
    }),
    url: Type.Optional(
      Type.String({
        description:
          'A PostgreSQL database in place of the file, `postgres://user:password@host/database`, version 12 or newer: for calls of several machines.',
        pattern: '^postgres(ql)?://.+',
      }),
    ),
    password_file: Type.Optional(
      Type.String({
        description:
          'File with the password of the user in `url`, and nothing else, in place of one that stands there. Read before every connection: a new password needs no restart. Relative to the pipeline file.',
        minLength: 1,
      }),
    ),
    max_connections: Type.Integer({
      description: 'To PostgreSQL, at the same time.',
      minimum: 1,
      maximum: 50,
      default: 4,
    }),
  },
  { additionalProperties: false },
)

export type Params = Static<typeof ParamsSchema>
