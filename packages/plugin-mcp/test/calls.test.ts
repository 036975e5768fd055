import { createFakeClock, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { BY_STDIO, connected, of, shop, TOKEN } from './setup.ts'

const CALLER = { from: '+15551234567' }

describe('what the model is offered', () => {
  it('is what allow says, in its order, and nothing that is pinned', async () => {
    const server = await shop()
    const provider = await connected({
      url: server.url,
      allow: ['refused', 'order_state'],
      pin: { phone: '{{from}}' },
    })
    expect(provider.tools.map(({ name }) => name)).toEqual(['refused', 'order_state'])
    expect(provider.tools[1]).toEqual({
      name: 'order_state',
      description: 'Does order_state.',
      parameters: {
        type: 'object',
        properties: { id: { type: 'string', pattern: '^\\d+$' } },
        required: ['id'],
      },
      lasting: false,
    })
  })

  it('changes when the server says so, and is the same list until then', async () => {
    const server = await shop()
    const { clock, advance } = createFakeClock()
    const context = testContext({ clock })
    const provider = await connected({ url: server.url, allow: ['refused', 'gift'] }, context)
    const before = provider.tools
    expect(provider.tools).toBe(before)
    expect(before.map(({ name }) => name)).toEqual(['refused'])
    expect(context.metrics.value('mcp_tools_missing')).toBe(1)
    server.server.registerTool('gift', { description: 'Gives.' }, () => ({ content: [] }))
    await expect
      .poll(async () => {
        await advance(1_000)
        return provider.tools.map(({ name }) => name)
      })
      .toEqual(['refused', 'gift'])
    expect(context.metrics.value('mcp_tools_missing')).toBe(0)
  })
})

describe('a call', () => {
  it('has its pinned arguments from the call, whatever the model writes', async () => {
    const server = await shop()
    const provider = await connected({ url: server.url, allow: ['order_state'], pin: { phone: '{{from}}' } })
    await provider.run('order_state', { id: '7', phone: 'mine' }, of(CALLER))
    expect(server.told[0]).toEqual({ name: 'order_state', args: { id: '7', phone: '+15551234567' } })
  })

  it('that has no value for a required one is told, and not sent', async () => {
    const server = await shop()
    const provider = await connected({ url: server.url, allow: ['order_state'], pin: { phone: '{{from}}' } })
    await expect(provider.run('order_state', { id: '7', phone: 'mine' }, of())).rejects.toThrow(
      'this call has no value for phone',
    )
    expect(server.told).toEqual([])
  })

  it.each([
    ['streamable HTTP', async () => ({ url: (await shop()).url })],
    ['stdio', async () => BY_STDIO],
  ])('is cancelled at the server when it is aborted, over %s', async (_name, at) => {
    const server = await shop()
    const given = await at()
    const isHttp = 'url' in given
    const provider = await connected({
      ...(isHttp ? { url: server.url } : given),
      allow: ['slow', 'environment'],
    })
    const abort = new AbortController()
    const running = provider.run('slow', {}, of({}, abort.signal))
    running.catch(() => undefined)
    if (isHttp) await server.until(({ name }) => name === 'slow')
    abort.abort()
    await expect(running).rejects.toThrow('cancelled')
    if (isHttp) await server.until(({ cancelled }) => cancelled === true)
    // And the next one is whole.
    expect(await provider.run('environment', {}, of())).toContain('PATH')
  })

  it('answers with its text; what is none is named; the end of a long one is left out', async () => {
    const server = await shop()
    const provider = await connected({ url: server.url, allow: ['pictures', 'long'] })
    expect(await provider.run('pictures', {}, of())).toBe('[an image that is not text]\nA picture.')
    expect(await provider.run('long', {}, of())).toHaveLength(65_536)
  })

  it('that the server refuses fails with its words', async () => {
    const server = await shop()
    const provider = await connected({ url: server.url, allow: ['refused', 'order_state'] })
    await expect(provider.run('refused', {}, of())).rejects.toThrow(/^The shop is closed\.$/)
    await expect(provider.run('order_state', { id: 'x' }, of())).rejects.toThrow(/Invalid arguments/)
  })

  it('of what is not allowed never reaches the server', async () => {
    const server = await shop()
    const provider = await connected({ url: server.url, allow: ['refused'] })
    await expect(provider.run('hidden', {}, of())).rejects.toThrow('no more')
    expect(server.told).toEqual([])
  })
})

describe('a server that dies', () => {
  it('by stdio: the call fails, and it is started again', async () => {
    const { clock, advance } = createFakeClock()
    const context = testContext({ clock, baseDir: import.meta.dirname })
    const provider = await connected({ ...BY_STDIO, allow: ['leave', 'environment'] }, context)
    const { tools } = provider
    await expect(provider.run('leave', {}, of())).rejects.toThrow('did not answer')
    await expect(provider.run('environment', {}, of())).rejects.toThrow('not connected')
    expect(provider.tools).toBe(tools)
    await advance(500)
    expect(await provider.run('environment', {}, of())).toContain('PATH')
    expect(context.metrics.value('mcp_connections_lost_total')).toBe(1)
    expect(context.metrics.value('mcp_connections_total')).toBe(2)
  })

  it('by HTTP: a session that is forgotten is made anew', async () => {
    const { clock, advance } = createFakeClock()
    const server = await shop()
    const context = testContext({ clock })
    const provider = await connected({ url: server.url, allow: ['pictures'] }, context)
    server.forget()
    await expect(provider.run('pictures', {}, of())).rejects.toThrow('did not answer')
    await advance(500)
    expect(await provider.run('pictures', {}, of())).toContain('A picture')
  })

  it('is asked again later and later', async () => {
    const { clock, advance } = createFakeClock()
    const context = testContext({ clock })
    const provider = await connected({ url: 'http://127.0.0.1:9/mcp', allow: ['pictures'] }, context)
    expect(provider.tools).toEqual([])
    await expect(provider.run('pictures', {}, of())).rejects.toThrow('no more')
    const failures = () => context.metrics.value('mcp_connection_failures_total')
    expect(failures()).toBe(1)
    for (const [waitMs, expected] of [
      [499, 1],
      [1, 2],
      [999, 2],
      [1, 3],
    ] as const) {
      await advance(waitMs)
      // Whoever connects shares the try that is under way.
      if (expected > failures()) await provider.warm?.()
      expect(failures()).toBe(expected)
    }
  })
})

describe('secrets', () => {
  it('a header goes to the server, and a server that repeats it is not repeated', async () => {
    const server = await shop({ refuse: 401 })
    const context = testContext()
    const headers = { Authorization: `Bearer ${TOKEN}` }
    await connected({ url: server.url, headers, allow: ['pictures'] }, context)
    expect(server.authorizations).toEqual(new Set([`Bearer ${TOKEN}`]))
    const told = JSON.stringify(context.log.entries)
    expect(told).toContain('cannot be reached')
    expect(told).not.toContain(TOKEN)
  })

  it('a program is given what env says, and none of the variables of this process', async () => {
    process.env['KAV_TEST_SECRET'] = 'of-the-process'
    const provider = await connected({
      ...BY_STDIO,
      env: { SHOP_NAME: 'of-the-shop', SHOP_KEY: TOKEN },
      allow: ['environment'],
    })
    const told = String(await provider.run('environment', {}, of()))
    delete process.env['KAV_TEST_SECRET']
    expect(told).toContain('of-the-shop')
    expect(told).not.toContain('of-the-process')
    // The model would say it to the caller.
    expect(told).toContain('"SHOP_KEY":"(hidden)"')
  })
})
