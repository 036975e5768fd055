import { afterEach, describe } from 'vitest'
import type { LlmTool, ToolProvider } from '../../src/index.ts'
import { toolContract, type ToolContractOptions } from '../../src/testing/index.ts'
import { breaksTool, createSilentShop } from './tool-faults.ts'
import { SECRET } from './host-faults.ts'
import { breaksToolEndings } from './ending-faults.ts'
import { breaksToolMemory } from './memory-faults.ts'
import { createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll, PATIENT, QUICK } from './suite-failures.ts'

const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearInterval(timer)))

const parameters = {
  type: 'object',
  properties: { id: { type: 'string' } },
  required: ['id'],
  additionalProperties: false,
}
const TOOLS: readonly LlmTool[] = [
  { name: 'check_order', description: 'Looks up an order.', parameters },
  { name: 'cancel_order', description: 'Cancels an order.', parameters },
]

/** A shop with orders that begin with an A, whose answers take a moment. */
function createShop(): ToolProvider {
  return {
    tools: TOOLS,
    run: (name, args, { signal }) =>
      new Promise((resolve, reject) => {
        const id = String(args['id'])
        const end = () => {
          clearTimeout(timer)
          reject(new Error('aborted'))
        }
        const timer = setTimeout(() => {
          signal.removeEventListener('abort', end)
          if (id.startsWith('A'))
            resolve(name === 'check_order' ? { id, state: 'sent' } : `${id} is cancelled`)
          else reject(new Error('there is no such order'))
        }, 5)
        signal.addEventListener('abort', end, { once: true })
        if (signal.aborted) end()
      }),
    close: async () => {},
  }
}

function options(change: (shop: ToolProvider) => ToolProvider = (shop) => shop): ToolContractOptions {
  return {
    ...QUICK,
    create: () => change(createShop()),
    calls: [
      { tool: 'check_order', args: { id: 'A1' }, expected: /"state":"sent"/ },
      { tool: 'cancel_order', args: { id: 'A2' }, expected: /^A2 is cancelled$/ },
    ],
    failing: { tool: 'check_order', args: { id: 'B1' }, expected: /no such order/ },
  }
}

const withTools = (tools: readonly unknown[]) => (shop: ToolProvider) =>
  ({ ...shop, tools: tools as LlmTool[] }) satisfies ToolProvider

const withRun = (run: (inner: ToolProvider['run']) => ToolProvider['run']) => (shop: ToolProvider) =>
  ({ ...shop, run: run(shop.run) }) satisfies ToolProvider

const fails = (change: (shop: ToolProvider) => ToolProvider, caseName: string, message: RegExp) =>
  expectFailure(toolContract(options(change)), caseName, message)

const offered = 'every tool can be offered'
const answers = 'a tool answers'
const aborts = 'a use that is aborted'

const { breaks, hasNoHole } = createPromiseTable('tool')

/** Options of the suite with every way to make a provider. */
const WHOLE: ToolContractOptions = {
  carriedOut: () => 0,
  ...options(),
  createFailing: () => ({ ...createShop(), run: () => Promise.reject(new Error('the shop is closed')) }),
  createStalled: () => createSilentShop(createShop()),
  secrets: [SECRET],
}

describe('the tool suite passes on good tools', () => {
  passesAll(toolContract({ ...WHOLE, ...PATIENT }))
})

describe('the tool suite passes when cases share one provider', () => {
  passesAll(toolContract({ ...options(), ...PATIENT, isolated: false }))
})

/** A query of a database: no promise, and nothing is asked before somebody waits for it. */
const lazily = withRun(
  (run) =>
    (...asked) =>
      ({ then: (...on) => run(...asked).then(...on) }) as Promise<unknown>,
)

describe('the tool suite passes on a shop whose answers are no promises, and whose schemas are of other dialects', () => {
  const odd = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { id: { type: 'string', 'x-order': 1 }, number: { type: 'integer', format: 'int32' } },
    anyOf: [{ required: ['id'] }, { required: ['number'] }],
  }
  const shop = (inner: ToolProvider) =>
    withTools(TOOLS.map((tool) => ({ ...tool, parameters: odd })))(lazily(inner))
  const asked = /^(every tool|the uses|a tool answers|a use that)/
  passesAll(toolContract({ ...options(shop), ...PATIENT }).filter(({ name }) => asked.test(name)))
})

describe('the tool suite notices', () => {
  breaks('offer', 'that there are no tools', () => fails(withTools([]), offered, /at least one tool/))

  breaks('offer', 'a name that models refuse', () =>
    fails(withTools([{ ...TOOLS[0], name: 'check order' }]), offered, /names like "check_order"/),
  )

  breaks('offer', 'two tools of one name', () =>
    fails(withTools([TOOLS[0], TOOLS[0]]), offered, /two of "check_order"/),
  )

  breaks('offer', 'a tool without a description', () =>
    fails(withTools([{ ...TOOLS[0], description: '' }]), offered, /description of check_order/),
  )

  breaks('offer', 'a schema that is not of an object', () =>
    fails(withTools([{ ...TOOLS[0], parameters: { type: 'string' } }]), offered, /"type": "object"/),
  )

  breaks('offer', 'a schema with a misspelt keyword', () =>
    fails(withTools([{ ...TOOLS[0], parameters: { ...parameters, requird: [] } }]), offered, /"requird"/),
  )

  breaks('same', 'tools that change', () => {
    let reads = 0
    const change = (shop: ToolProvider) => ({
      ...shop,
      get tools() {
        return reads++ === 0 ? TOOLS : TOOLS.slice(0, 1)
      },
    })
    return fails(change, 'the tools stay the same', /they changed/)
  })

  breaks('checked', 'a tool that no use is given of', () =>
    fails(
      withTools([...TOOLS, { ...TOOLS[0], name: 'refund' }]),
      'the uses given here',
      /a use of "refund" in options.calls/,
    ),
  )

  breaks('checked', 'uses whose arguments the schema refuses', () => {
    const strict = { ...parameters, properties: { id: { type: 'integer' } } }
    return fails(
      withTools(TOOLS.map((tool) => ({ ...tool, parameters: strict }))),
      'the uses given here',
      /id must be integer/,
    )
  })

  breaks('answers', 'a wrong answer', () =>
    fails(
      withRun(() => async () => 'lost'),
      answers,
      /it told "lost"/,
    ),
  )

  breaks('answers', 'an answer that cannot be written', () =>
    fails(
      withRun(() => async () => ({ price: 3n })),
      answers,
      /it cannot be written/,
    ),
  )

  breaks('answers', 'an answer that never comes', () =>
    fails(
      withRun(() => () => new Promise(() => {})),
      answers,
      /check_order to answer within/,
    ),
  )

  breaks('answers', 'an answer that is no promise', () =>
    fails(
      withRun(() => (() => 'sent') as unknown as ToolProvider['run']),
      answers,
      /return a promise; it returned string/,
    ),
  )

  breaks('checked', 'arguments that are changed', () =>
    fails(
      withRun((inner) => async (name, args, context) => {
        ;(args as Record<string, unknown>)['id'] = 'A9'
        return inner(name, args, context)
      }),
      answers,
      /read only property/,
    ),
  )

  breaks('apart', 'uses that are mixed up', () => {
    let last = ''
    return fails(
      withRun((inner) => async (name, args, context) => {
        last = name
        await inner(name, args, context)
        return inner(last, args, context)
      }),
      'uses at the same time',
      /check_order to tell/,
    )
  })

  breaks('abort', 'an abort that is ignored', () =>
    fails(
      withRun((inner) => async (name, args, context) => {
        if (context.signal.aborted) return new Promise(() => {})
        return inner(name, args, { ...context, signal: new AbortController().signal })
      }),
      aborts,
      /settle after an abort before it was asked for/,
    ),
  )

  breaks('abort', 'a tool that is of no use after an abort', () => {
    let broken = false
    return fails(
      withRun((inner) => async (name, args, context) => {
        context.signal.addEventListener('abort', () => (broken = true))
        if (broken) throw new Error('the connection is gone')
        return inner(name, args, context)
      }),
      aborts,
      /the connection is gone/,
    )
  })

  breaks('stray-errors', 'a rejection that nobody handles', () =>
    fails(
      withRun((inner) => (name, args, context) => {
        void Promise.reject(new Error('stray'))
        return inner(name, args, context)
      }),
      'a use that nobody waits for',
      /a promise was rejected and nobody handled it: Error: stray/,
    ),
  )

  breaks('closes', 'a close that waits for ever', () =>
    fails(
      (shop) => ({ ...shop, run: () => new Promise(() => {}) }),
      'provider.close settles while a tool is running',
      /the tool to settle after provider.close/,
    ),
  )

  breaks('nothing-left', 'a timer that is left', () =>
    fails(
      withRun((inner) => (name, args, context) => {
        leaks.push(setInterval(() => {}, 1000))
        return inner(name, args, context)
      }),
      'nothing is left open',
      /still open: .*Timeout/,
    ),
  )

  breaks('fault', 'a failure that is told as a success', () =>
    fails(
      withRun((inner) => (name, args, context) => inner(name, args, context).catch(() => 'nothing found')),
      'a use that cannot succeed',
      /check_order to fail; it told "nothing found"/,
    ),
  )

  breaks('fault', 'a failure without words', () =>
    fails(
      withRun(
        (inner) => (name, args, context) =>
          inner(name, args, context).catch(() => Promise.reject(new Error(''))),
      ),
      'a use that cannot succeed',
      /an Error that has a message/,
    ),
  )

  breaks('closes', 'a close that fails the second time', () => {
    let closed = 0
    return fails(
      (shop) => ({
        ...shop,
        close: async () => {
          if (closed++ > 0) throw new Error('already closed')
        },
      }),
      'the provider closes, also twice',
      /already closed/,
    )
  })

  breaksTool(breaks, options(), createShop)
  breaksToolMemory(breaks, options)
  breaksToolEndings(breaks, options)
})

describe('the tool suite', () => hasNoHole(toolContract(WHOLE)))
