import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { PipelineSchema } from '../../src/config/schema/pipeline.ts'
import { ScriptSchema } from '../../src/testing/conversation/script-schema.ts'

/** They are compiled unjudged, since a process begins with them. */
describe('the schemas of our own files', () => {
  it.each([
    ['a pipeline', PipelineSchema],
    ['a conversation', ScriptSchema],
  ])('that of %s is a schema', (_file, schema) => {
    const ajv = new Ajv2020()
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true)
  })
})
