import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { PipelineSchema, refreshConfigurationDoc } from '../../src/config/index.ts'

const FILE = fileURLToPath(new URL('../../../../docs/configuration.md', import.meta.url))

describe('docs/configuration.md', () => {
  const text = readFileSync(FILE, 'utf8')

  it('has the fields of the schema (vitest -u brings them up to date)', async () => {
    await expect(refreshConfigurationDoc(text)).toMatchFileSnapshot(FILE)
  })

  it('has no place without a table', () => {
    expect(() => refreshConfigurationDoc('<!-- fields: none -->\n<!-- end of fields -->')).toThrow('none')
  })

  it('has a place for every map of the file that is not a stage', () => {
    const maps = Object.entries(PipelineSchema.properties).filter(
      ([, field]) => 'properties' in field && !('plugin' in field.properties),
    )
    expect(maps.length).toBeGreaterThan(3)
    for (const [name] of maps) expect(text).toContain(`<!-- fields: ${name} -->`)
  })
})
