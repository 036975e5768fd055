import { Type } from '@sinclair/typebox'
import { CLOSED } from './field.ts'

const S3Schema = Type.Object(
  {
    bucket: Type.String({
      description: 'Name of the bucket; it must be there.',
      pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
    }),
    region: Type.String({ description: 'Of the bucket, as eu-central-1.', pattern: '^[a-z0-9-]{1,40}$' }),
    endpoint: Type.Optional(
      Type.String({
        description: 'Address of what speaks as S3 does (https://minio.example.com). Absent: Amazon’s.',
        pattern: '^https?://[^\\s/?#@]+/?$',
      }),
    ),
    prefix: Type.String({
      description: 'Stands in front of every name: `calls/`.',
      pattern: "^([A-Za-z0-9!_.*'()/-]{0,200}/)?$",
      default: '',
    }),
    access_key_id: Type.Optional(
      Type.String({
        description:
          'With secret_access_key. Absent: as any AWS client finds them (environment, shared files, role).',
        minLength: 1,
      }),
    ),
    secret_access_key: Type.Optional(
      Type.String({ description: 'Write ${NAME}, never the key itself.', minLength: 1 }),
    ),
    keep_local: Type.Boolean({
      description: 'The file stays in `dir`, too. Otherwise it goes when the bucket has it.',
      default: false,
    }),
  },
  { ...CLOSED, description: 'A bucket of S3, by @kav/recordings-s3.' },
)

export const UploadSchema = Type.Object(
  { s3: S3Schema },
  { ...CLOSED, description: 'Where finished recordings are brought. Absent: they stay in dir.' },
)
