import { readFileSync } from 'node:fs'
import { paramsDoc } from '@kav/core/host'
import { expect, it } from 'vitest'
import plugin from '../src/index.ts'

/** Without what a formatter may change in a table. */
const bare = (table: string): string => table.replaceAll(/[ -]+/g, '').trim()

it('the table of params in the README is what the schema says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const table = /<!-- params -->\n([\s\S]*?)<!-- end of params -->/.exec(readme)?.[1] ?? ''
  expect(bare(table)).toBe(bare(paramsDoc(plugin)))
})
