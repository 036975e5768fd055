import { fileURLToPath } from 'node:url'
import { testContext, testParams } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { mcpTools } from '../src/mcp-tools.ts'
import { connected, of, shop } from './setup.ts'

const ODD = {
  command: process.execPath,
  args: [fileURLToPath(new URL('odd-server.mjs', import.meta.url))],
}

describe('an answer that is none', () => {
  it.each([
    ['pages', 'its list of tools has more than 50 pages'],
    ['tools', 'its list has more than 2000 tools'],
  ])('of a list without end, in %s, is told, and nothing of it is kept', async (endless, why) => {
    const context = testContext()
    const given = { command: ODD.command, args: [...ODD.args, endless], allow: ['book'], pin: {} }
    const found = await mcpTools.liveCheck!(testParams(mcpTools.params, given), context)
    expect(found).toMatchObject([{ level: 'error', message: expect.stringContaining(why) }])
  })

  it('fails its own call alone: those of others go on, and so does the connection', async () => {
    const context = testContext()
    const odd = ['text', 'nothing', 'no_error', 'huge', 'huge_id_last']
    const allow = ['book', 'finish', ...odd]
    const provider = await connected({ ...ODD, allow, lasting: ['book'] }, context)
    const booking = provider.run('book', {}, of())
    const outcomes = []
    for (const name of odd) {
      outcomes.push(await provider.run(name, {}, of()).catch((fault: Error) => fault.message))
    }
    expect(outcomes).toEqual([
      '',
      expect.stringContaining('neither a result nor an error'),
      expect.stringContaining('neither a result nor an error'),
      expect.stringContaining('longer than 4 MB'),
      expect.stringContaining('longer than 4 MB'),
    ])
    expect(await provider.run('finish', {}, of())).toBe('finished')
    expect(await booking).toBe('booked')
    expect(context.metrics.value('mcp_connections_lost_total')).toBe(0)
  })

  it('does so over HTTP', async () => {
    const server = await shop()
    const context = testContext()
    const provider = await connected({ url: server.url, allow: ['huge', 'environment'] }, context)
    await expect(provider.run('huge', {}, of())).rejects.toThrow('longer than 4 MB')
    expect(await provider.run('environment', {}, of())).toContain('PATH')
    expect(context.metrics.value('mcp_connections_lost_total')).toBe(0)
  })
})

it('a tool whose schema is beyond bounds is not offered, and the log says why', async () => {
  const context = testContext()
  const allow = ['wide', 'long_enum', 'doubled', 'endless', 'finish', 'long_note']
  const provider = await connected({ ...ODD, allow }, context)
  expect(provider.tools.map(({ name }) => name)).toEqual(['finish', 'long_note'])
  expect(provider.tools[1]!.parameters).toEqual({ type: 'object', properties: { note: { type: 'string' } } })
  const left = context.log.find('MCP: a pattern that RE2 does not take is left to the server')
  expect(left.map(({ fields }) => fields)).toEqual([
    {
      server: process.execPath,
      tool: 'long_note',
      dropped: [{ field: 'properties.note', pattern: '^.{1,2000}$' }],
    },
  ])
  expect(context.metrics.value('mcp_tools_missing')).toBe(4)
  const refused = context.log.find('MCP: a tool of allow cannot be offered')
  expect(refused.map(({ fields }) => fields['why'])).toEqual([
    'its schema cannot be used: it is made of more than 500 objects',
    'its schema cannot be used: it has more than 5000 entries of enum and other lists',
    'its schema cannot be used: its references come to more than 10000 checks',
    'its schema cannot be used: "#/properties/id" refers to itself without end',
  ])
})
