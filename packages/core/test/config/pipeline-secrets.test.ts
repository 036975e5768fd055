import { expect, it } from 'vitest'
import { OPEN_PLACES, secretsOfPipeline } from '../../src/config/findings/pipeline-secrets.ts'
import { PipelineSchema } from '../../src/config/schema/pipeline.ts'
import { isSecretKey } from '../../src/kit/secrets/index.ts'

interface Found {
  readonly schemas: string[]
  /** Fields that are named like a secret and are more than a text. */
  readonly named: string[]
}

/** Everything in the schema of a pipeline, by its place. */
function visit(schema: unknown, path: readonly string[], found: Found): Found {
  if (typeof schema !== 'object' || schema === null) return found
  const { description, properties, items, patternProperties, ...rest } = schema as Record<string, unknown>
  if (/^JSON Schema/.test(String(description))) found.schemas.push(path.join('.'))
  const isText = (one: { type?: string; anyOf?: { type?: string }[] }): boolean =>
    (one.anyOf ?? [one]).every(({ type }) => type === 'string')
  for (const [name, field] of Object.entries((properties ?? {}) as Record<string, object>)) {
    if (isSecretKey(name) && !isText(field)) found.named.push([...path, name].join('.'))
    visit(field, [...path, name], found)
  }
  visit(items, [...path, '*'], found)
  for (const field of Object.values(patternProperties ?? {})) visit(field, [...path, '*'], found)
  for (const part of ['anyOf', 'allOf', 'oneOf'])
    for (const one of (rest[part] ?? []) as unknown[]) visit(one, path, found)
  return found
}

it('knows every JSON Schema in a pipeline file, and every field that only sounds like a secret', () => {
  const { schemas, named } = visit(PipelineSchema, [], { schemas: [], named: [] })
  expect([...new Set(schemas)].sort()).toEqual(OPEN_PLACES.schemas.map((place) => place.join('.')).sort())
  expect([...new Set(named)].sort()).toEqual(OPEN_PLACES.fields.map((place) => place.join('.')).sort())
})

it('finds what is given, and not what is described', () => {
  const described = {
    type: 'object',
    properties: { token: { type: 'string', description: 'of the caller' } },
  }
  const pipeline = {
    hooks: { after_call: { secret: 'hook-secret-1', headers: { 'x-api-key': 'head-2' }, fields: described } },
    tools: {
      press_keys: { description: 'Presses keys' },
      http: [{ parameters: described, auth: { user: 'desk', password: 'pass-3' } }],
    },
    llm: { params: { api_key: 'key-4' } },
    record: { upload: { s3: { secret_access_key: 'key-5' } } },
  }
  expect(secretsOfPipeline(pipeline).texts).toEqual(['hook-secret-1', 'head-2', 'pass-3', 'key-4', 'key-5'])
})
