import { readFileSync } from 'node:fs'
import { type AnyPlugin } from '@kav/core'
import { paramsDoc } from '@kav/core/host'
import { expect, it } from 'vitest'
import * as exported from '../src/index.ts'

const README = new URL('../README.md', import.meta.url)

/** `vitest -u` writes the tables anew. */
it('the README states the params as the schemas do', async () => {
  const plugins = exported as unknown as Record<string, Pick<AnyPlugin, 'params'>>
  const rendered = readFileSync(README, 'utf8').replace(
    /(<!-- params of (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (_all, begin: string, name: string, end: string) => `${begin}\n${paramsDoc(plugins[name]!)}\n${end}`,
  )
  await expect(rendered).toMatchFileSnapshot('../README.md')
})
