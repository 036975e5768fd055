import { describe, expect, it } from 'vitest'
import {
  createToolKit,
  KavError,
  type LlmTool,
  type ToolContext,
  type ToolProvider,
} from '../../src/index.ts'
import { createFakeClock, createTestMetrics } from '../../src/testing/index.ts'
import { NO_TOOLS, toolRig } from './tool-rig.ts'

const empty = { type: 'object', properties: {}, additionalProperties: false }

/** A tool plugin with one tool `look_up(id)`. */
function source(run: ToolProvider['run'], tool: Partial<LlmTool> = {}) {
  const parameters = {
    type: 'object',
    properties: { id: { type: 'string', minLength: 2 }, kind: { enum: ['a', 'b'] } },
    required: ['id'],
    additionalProperties: false,
  }
  const tools = [{ name: 'look_up', description: 'Looks up.', parameters, ...tool }]
  return { name: 'shop', provider: { tools, run, close: async () => {} } }
}

/** What authors of tools should not do. */
const rejectWith = async (reason: unknown) => {
  throw reason
}

const never = () => new Promise<never>(() => {})

describe('built-in tools', () => {
  it('hang up after the words, always unless switched off', async () => {
    const { run, names } = toolRig()
    expect(names()).toEqual(['hang_up'])
    expect(await run('hang_up')).toEqual({
      content: 'The call ends after your words.',
      thenEnd: { how: 'hang-up' },
    })
    expect(toolRig({ settings: { hangUp: false } }).names()).toEqual([])
  })

  it('transfer to the names of the file and to nothing else', async () => {
    const numbers = { sales: '+15550001111', 'night desk': 'sip:night@pbx.example' }
    const { run, box, counted } = toolRig({
      settings: { transfer: { numbers, description: 'Only on request.' } },
    })
    const tool = box.tools.find(({ name }) => name === 'transfer')
    expect(tool?.description).toContain('Only on request.')
    expect(JSON.stringify(tool)).not.toContain('+1555')
    expect(await run('transfer', { to: 'night desk' })).toMatchObject({
      thenEnd: { how: 'transfer', to: 'sip:night@pbx.example' },
    })
    expect(await run('transfer', { to: 'Night Desk' })).toMatchObject({
      thenEnd: { to: 'sip:night@pbx.example' },
    })
    for (const to of ['+15559999999', 'sales team', 'toString', '']) {
      const outcome = await run('transfer', { to })
      expect(outcome.failed).toBe(true)
      expect(outcome.thenEnd).toBeUndefined()
      expect(outcome.content).toContain('to must be one of ["sales","night desk"]')
    }
    expect(counted('transfer', 'ok')).toBe(2)
    expect(counted('transfer', 'bad_arguments')).toBe(4)
  })

  it('do not offer a transfer on a line that cannot', async () => {
    const settings = { transfer: { numbers: { sales: '+15550001111' } } }
    const { run, names } = toolRig({ settings, call: { canTransfer: false } })
    expect(names()).toEqual(['hang_up'])
    expect(await run('transfer', { to: 'sales' })).toMatchObject({ failed: true })
  })

  it('press keys as tones of the call, and say so when they have gone out', async () => {
    const { run, played } = toolRig({ settings: { pressKeys: true } })
    expect(await run('press_keys', { keys: '1w#' })).toEqual({ content: 'The keys were sent.' })
    expect(played[0]).toHaveLength(8 + 25 + 8)
    expect(played[0]![0]).toHaveLength(160)
    for (const keys of ['', 'x', '1'.repeat(33), '1\n']) {
      expect(await run('press_keys', { keys })).toMatchObject({ failed: true })
    }
    expect(played).toHaveLength(1)
  })

  it('wait in silence, at most half a minute, and end when the caller speaks', async () => {
    const { clock, advance, pending } = createFakeClock()
    const { run, box, counted } = toolRig({ settings: { wait: true }, clock })
    expect(box.silentTools.has('wait')).toBe(true)
    expect(box.silentTools.has('hang_up')).toBe(false)
    let told: string | undefined
    void run('wait', { seconds: 30 }).then(({ content }) => (told = content))
    await advance(29_999)
    expect(told).toBeUndefined()
    await advance(1)
    expect(told).toBe('30 seconds went by; the caller said nothing.')
    expect(await run('wait', { seconds: 31 })).toMatchObject({ failed: true })

    const caller = new AbortController()
    const waiting = run('wait', { seconds: 20 }, caller.signal)
    await advance(1000)
    caller.abort()
    expect(await waiting).toMatchObject({ failed: true })
    expect(counted('wait', 'cancelled')).toBe(1)
    expect(pending()).toBe(0)
  })
})

describe('arguments', () => {
  const asked: unknown[] = []
  const rig = () => toolRig({ code: [source(async (_name, args) => asked.push(args))] })

  it.each([
    ['{"id":"x1"', /not valid JSON/],
    ['[1]', /one JSON object/],
    ['"x1"', /not valid JSON/],
    ['4', /one JSON object/],
    ['{}', /must have required property 'id'/],
    ['{"id":["x1"]}', /id must be string/],
    ['{"id":"x"}', /id must NOT have fewer than 2 characters/],
    ['{"id":"x1","kind":"c"}', /kind must be one of \["a","b"\]/],
    ['{"id":"x1","extra":1}', /must have no argument "extra"/],
    ['{"id":"x1","__proto__":{"a":1}}', /must have no argument "__proto__"/],
    [`{"id":"${'x'.repeat(70_000)}"}`, /too long/],
  ])('%.40s is told to the model with what is wrong', async (text, reason) => {
    const { run, counted } = rig()
    const outcome = await run('look_up', text)
    expect(outcome).toMatchObject({ failed: true })
    expect(outcome.content).toMatch(reason)
    expect(outcome.content).toMatch(/Correct them and call again/)
    expect(counted('look_up', 'bad_arguments')).toBe(1)
    expect(asked).toEqual([])
  })

  it('that are no text at all are none', async () => {
    expect(await toolRig().run('hang_up', ' ')).toMatchObject({ thenEnd: { how: 'hang-up' } })
  })

  it('of a tool that does not exist are told so, and the name is no label', async () => {
    const { run, counted } = rig()
    expect(await run('format_disk')).toEqual({
      content: 'There is no tool named "format_disk".',
      failed: true,
    })
    expect(counted('unknown', 'unknown_tool')).toBe(1)
  })
})

describe('code tools', () => {
  const run = (result: () => unknown) =>
    toolRig({ code: [source(async () => result())] }).run('look_up', { id: 'x1' })

  it.each<[unknown, string]>([
    ['in stock', 'in stock'],
    [{ stock: 3 }, '{"stock":3}'],
    [[1, 2], '[1,2]'],
    [0, '0'],
    [false, 'false'],
    [null, 'null'],
    [undefined, 'Done.'],
    ['', 'Done.'],
  ])('that give %j are told as %s', async (result, content) => {
    expect(await run(() => result)).toEqual({ content })
  })

  it('that give too much are cut between characters, and the model is told', async () => {
    const { content } = await run(() => 'א'.repeat(20_000))
    expect(content).toMatch(/^א+\n\[cut: the answer is longer than 16384 bytes\]$/)
  })

  it.each<[string, () => unknown, string]>([
    [
      'reject',
      () => Promise.reject(new Error('the shop is closed.')),
      'The tool failed: the shop is closed.',
    ],
    ['throw text', () => rejectWith('closed'), 'The tool failed: closed.'],
    ['throw nothing', () => rejectWith(Object.create(null)), 'The tool failed: no reason given.'],
  ])('that %s fail in words', async (_what, result, content) => {
    expect(await run(result)).toEqual({ content, failed: true })
  })

  it.each<[string, () => unknown]>([
    ['far too much', () => Array.from({ length: 300_000 }, () => 'four')],
    ['bytes by the megabyte', () => ({ picture: Buffer.alloc(50_000_000) })],
    ['a map without an end', () => new Map(Array.from({ length: 1_100_000 }, (_, at) => [at, at]))],
  ])('that give %s have done what they were asked', async (_what, result) => {
    expect(await run(result)).toEqual({
      content: 'Done, but its result is longer than 1000000 characters.',
    })
  })

  it('that throw at once fail in words', async () => {
    const throwing = source(() => {
      throw new Error('no database')
    })
    const { run: runIt, counted } = toolRig({ code: [throwing] })
    expect(await runIt('look_up', { id: 'x1' })).toEqual({
      content: 'The tool failed: no database.',
      failed: true,
    })
    expect(counted('look_up', 'failed')).toBe(1)
  })

  it('know the call they are used in', async () => {
    let seen: ToolContext | undefined
    const watching = source(async (_name, _args, context) => {
      seen = context
      return ''
    })
    const { run: runIt } = toolRig({ code: [watching], call: { language: () => 'he-IL' } })
    await runIt('look_up', { id: 'x1' })
    expect(seen).toMatchObject({ callId: 'CA1', params: { from: '+15551230000' }, language: 'he-IL' })
    expect(Object.keys(seen!).sort()).toEqual(['callId', 'language', 'params', 'signal'])
  })

  it('have a deadline, after which they are given up and their signal aborts', async () => {
    const { clock, advance, pending } = createFakeClock()
    let signal: AbortSignal | undefined
    const slow = source((_name, _args, context) => {
      signal = context.signal
      return never()
    })
    const rig = toolRig({ code: [slow], clock, settings: { codeTimeoutsMs: [700] } })
    const running = rig.run('look_up', { id: 'x1' })
    await advance(699)
    expect(signal?.aborted).toBe(false)
    await advance(1)
    expect(await running).toEqual({
      content: 'The tool took longer than 700 ms and was given up.',
      failed: true,
    })
    expect(signal?.aborted).toBe(true)
    expect(rig.counted('look_up', 'timeout')).toBe(1)
    expect(rig.metrics.value('tool_ms', { tool: 'look_up' })).toBe(700)
    expect(pending()).toBe(0)
  })

  it('end with the caller, even when they do not listen, and what they do later harms nobody', async () => {
    const { clock, pending } = createFakeClock()
    let fail = (_error: Error): void => {}
    const deaf = source(() => new Promise<never>((_resolve, reject) => (fail = reject)))
    const rig = toolRig({ code: [deaf], clock })
    const caller = new AbortController()
    const running = rig.run('look_up', { id: 'x1' }, caller.signal)
    caller.abort()
    expect(await running).toMatchObject({ failed: true })
    fail(new Error('too late'))
    expect(rig.counted('look_up', 'cancelled')).toBe(1)
    expect(pending()).toBe(0)
  })

  it('are not begun for a caller who is gone', async () => {
    let begun = 0
    const rig = toolRig({ code: [source(async () => void begun++)] })
    await rig.run('look_up', { id: 'x1' }, AbortSignal.abort())
    expect(begun).toBe(0)
  })
})

describe('the tool kit', () => {
  const kitOf = (...code: ReturnType<typeof source>[]) =>
    createToolKit({ settings: NO_TOOLS, code, clock: createFakeClock().clock, metrics: createTestMetrics() })
  const run = async () => ''

  it.each([
    [[source(run), source(run)], 'has a tool "look_up", but there is one of that name already'],
    [[source(run, { name: 'transfer' })], 'has a tool "transfer", but there is one of that name already'],
    [[source(run, { name: 'look up' })], 'whose name "look up" is not like "check_order"'],
    [[source(run, { description: ' ' })], 'a tool "look_up" without a description'],
    [[source(run, { parameters: { type: 'string' } })], 'it must have "type": "object"'],
    [[source(run, { parameters: { ...empty, requried: [] } })], 'unknown keyword: "requried"'],
    [
      [source(run, { parameters: { ...empty, required: ['id'] } })],
      'required argument "id" is not described',
    ],
  ])('refuses plugins that cannot be offered (%#)', async (code, message) => {
    const error: unknown = await kitOf(...code).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(KavError)
    expect(error).toMatchObject({
      code: 'KAV_PLUGIN_TOOL',
      message: expect.stringContaining(message) as string,
    })
  })

  it('takes the schemas that other libraries write', async () => {
    const parameters = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: {
        day: { type: 'string', format: 'date' },
        at: { type: ['string', 'null'], format: 'time' },
        who: { anyOf: [{ type: 'string' }, { type: 'object', properties: { id: { type: 'integer' } } }] },
      },
      required: ['day'],
    }
    const kit = await kitOf(source(run, { parameters }))
    const check = kit.tools().find(({ tool }) => tool.name === 'look_up')!.check
    expect(check({ day: '2030-01-31', at: null, who: { id: 1 } })).toMatchObject({ ok: true })
    expect(check({ day: 'monday' })).toEqual({ ok: false, reason: 'day must match format "date"' })
  })

  it('puts the tools of one call before those of the pipeline', async () => {
    const tool = { name: 'hang_up', description: 'Ends it all.', parameters: empty }
    const extra = [
      {
        tool,
        check: (args: object) => ({ ok: true, args: { ...args } }) as const,
        timeoutMs: 1000,
        silent: true,
        run: async () => ({ content: 'mine' }),
      },
    ]
    const { run: runIt, names, box } = toolRig({ call: { extra } })
    expect(names()).toEqual(['hang_up'])
    expect(box.silentTools.has('hang_up')).toBe(true)
    expect(await runIt('hang_up')).toEqual({ content: 'mine' })
  })
})
