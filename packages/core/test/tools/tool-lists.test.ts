import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it, vi } from 'vitest'
import { toolRig } from './tool-rig.ts'

const empty = { type: 'object', properties: {}, additionalProperties: false }

describe('tools of a plugin that come and go', () => {
  const tool = (name: string, more: object = {}) => ({
    name,
    description: 'Does.',
    parameters: empty,
    ...more,
  })
  const following = (names: readonly string[]) => {
    const provider = {
      tools: names.map((name) => tool(name)),
      run: async () => 'done',
      close: async () => {},
    }
    return { provider, rig: toolRig({ code: [{ name: 'shop', provider }] }) }
  }

  it('are those of the moment at which a call begins, and a call keeps them', async () => {
    const { provider, rig } = following(['first'])
    const before = rig.newBox()
    provider.tools = [tool('second')]
    const after = rig.newBox()
    expect(before.tools.map(({ name }) => name)).toEqual(['hang_up', 'first'])
    expect(after.tools.map(({ name }) => name)).toEqual(['hang_up', 'second'])
    const call = { id: '1', name: 'first', arguments: '{}' }
    expect(await before.run(call, new AbortController().signal)).toEqual({ content: 'done' })
  })

  it('are left out and counted where they cannot be used, without harm to the others', async () => {
    const { provider, rig } = following([])
    provider.tools = [
      tool('hang_up'),
      tool('odd', { parameters: { type: 'object', odd: 1 } }),
      tool('good'),
      tool('good'),
    ]
    // Nothing is compiled as a call begins, so it finds what cannot be used when it is used.
    const first = rig.newBox()
    expect(first.tools.map(({ name }) => name)).toEqual(['hang_up', 'odd', 'good'])
    const odd = { id: '1', name: 'odd', arguments: '{}' }
    expect((await first.run(odd, new AbortController().signal)).content).toContain('strict mode: unknown')
    await expect.poll(() => rig.newBox().tools.map(({ name }) => name)).toEqual(['hang_up', 'good'])
    expect(rig.metrics.value('tools_left_out_total', { plugin: 'shop' })).toBe(3)
    rig.newBox()
    expect(rig.metrics.value('tools_left_out_total', { plugin: 'shop' })).toBe(3)
  })

  it('are no harm to a call where the list, or a tool of it, cannot be read', () => {
    const { provider, rig } = following(['first'])
    const broken = (): never => {
      throw new Error('broken')
    }
    const trap = new Proxy({}, { get: broken, ownKeys: broken })
    provider.tools = [null, 42, trap, { name: trap }, tool('second')] as never
    expect(rig.newBox().tools.map(({ name }) => name)).toEqual(['hang_up', 'second'])
    Object.defineProperty(provider, 'tools', { get: broken })
    expect(rig.newBox().tools.map(({ name }) => name)).toEqual(['hang_up', 'second'])
    expect(rig.metrics.value('tools_left_out_total', { plugin: 'shop' })).toBe(5)
  })

  it('are compiled once, however often the same list is written anew', async () => {
    const { provider, rig } = following(['first'])
    // As wide as is allowed: to compile it takes far longer than to write it.
    const properties = Object.fromEntries(
      Array.from({ length: 480 }, (_, index) => [`p${index}`, { type: 'string' }]),
    )
    const wide = { type: 'object', properties }
    const counted = vi.spyOn(Ajv2020.prototype, 'compile')
    Object.defineProperty(provider, 'tools', { get: () => [tool('wide', { parameters: wide })] })
    rig.newBox()
    expect(counted).toHaveBeenCalledTimes(0)
    for (let turn = 0; turn < 5; turn++) {
      await new Promise((resolve) => setTimeout(resolve))
      rig.newBox()
    }
    await new Promise((resolve) => setTimeout(resolve))
    expect(counted).toHaveBeenCalledTimes(1)
    counted.mockRestore()
  })

  it('may have a filler of their own', () => {
    const filler = { afterMs: 300, texts: ['I am asking the shop.'] }
    const other = { name: 'other', provider: following(['other']).provider }
    const { box } = toolRig({
      code: [{ name: 'shop', provider: following(['look_up']).provider }, other],
      settings: { codeFillers: [filler] },
    })
    expect([...box.fillers]).toEqual([['look_up', filler]])
  })
})
