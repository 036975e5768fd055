import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { formatProblems, loadPipeline } from '../../src/config/index.ts'
import { FIXTURE_ENV, kitLoader } from './kit-loader.ts'

const BAD = fileURLToPath(new URL('./bad/', import.meta.url))
const GOOD = fileURLToPath(new URL('./good/', import.meta.url))
const CORE = fileURLToPath(new URL('../../', import.meta.url))
const SECRETS = /line-secret|key-secret|hunter2|plain-secret/

const options = { env: FIXTURE_ENV, loader: kitLoader }

/** `bad/<fault>.yaml` is named after its fault, and `bad/<fault>.txt` holds what the operator reads. */
const faults = readdirSync(BAD)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length))

describe('bad pipeline files', () => {
  it.each(faults)('%s', async (fault) => {
    const result = await loadPipeline(`${BAD}${fault}.yaml`, options)
    const problems = result.ok ? result.warnings : result.problems
    const output = `${formatProblems(problems).replaceAll(BAD, '').replaceAll(CORE, '/core/').replaceAll(CORE.slice(0, -1), '/core')}\n`
    expect(output).not.toMatch(SECRETS)
    await expect(output).toMatchFileSnapshot(`${BAD}${fault}.txt`)
    expect(result.ok).toBe(fault.startsWith('warning-'))
  })

  it('stand beside exactly one expected output each', () => {
    const outputs = readdirSync(BAD).filter((name) => name.endsWith('.txt'))
    expect(outputs.map((name) => name.slice(0, -'.txt'.length)).sort()).toEqual([...faults].sort())
    expect(faults.length).toBeGreaterThanOrEqual(35)
  })
})

describe('good pipeline files', () => {
  it.each(readdirSync(GOOD).filter((name) => name.endsWith('.yaml')))('%s', async (name) => {
    const result = await loadPipeline(`${GOOD}${name}`, options)
    expect(result.ok ? '' : formatProblems(result.problems)).toBe('')
    expect(result.ok && result.warnings).toEqual([])
  })

  it('still have the bytes they are about', () => {
    expect(readFileSync(`${GOOD}windows-line-ends.yaml`, 'utf8')).toContain('version: 1\r\nname')
    expect(readFileSync(`${GOOD}byte-order-mark.yaml`)[0]).toBe(0xef)
  })
})
