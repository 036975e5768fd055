import { fileURLToPath } from 'node:url'
import { pipelineJsonSchema } from '@kav/core/host'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../src/environment.ts'
import { createServerLoader, installedPlugins } from '../src/plugins.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** A day. Timers of Node end at 2^31-1 ms, and what is longer fires at once. */
const LONGEST_MS = 86_400_000
const DURATION = /_(ms|s|seconds|minutes|hours)$/i

interface Unbounded {
  readonly where: string
  readonly fault: string
}

/** Every number in a schema that may be too large, too small, or longer than a timer takes. */
function* unboundedIn(schema: unknown, where: string, name = ''): Generator<Unbounded> {
  if (typeof schema !== 'object' || schema === null) return
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as Record<string, unknown>
  const types = [type].flat()
  if (
    (types.includes('number') || types.includes('integer')) &&
    !('const' in schema) &&
    !('enum' in schema)
  ) {
    const least = minimum ?? exclusiveMinimum
    const most = maximum ?? exclusiveMaximum
    if (!Number.isFinite(least)) yield { where, fault: 'no minimum' }
    if (!Number.isFinite(most)) yield { where, fault: 'no maximum' }
    else if (DURATION.test(name) && (most as number) > LONGEST_MS)
      yield { where, fault: `maximum ${String(most)}` }
  }
  for (const [key, part] of Object.entries(schema))
    yield* unboundedIn(part, `${where}/${key}`, nameOf(key, name))
}

/** Branches and items of a param are that param's. */
function nameOf(key: string, parent: string): string {
  return /^(\d+|anyOf|oneOf|allOf|items|then|else|if|properties|params)$/.test(key) ? parent : key
}

async function packages() {
  const loader = createServerLoader()
  return Promise.all(
    installedPlugins().map(async (name) => {
      const loaded = await loader.loadAll(name, ROOT)
      if (!loaded.ok) throw new Error(loaded.message)
      return { name, plugins: loaded.plugins }
    }),
  )
}

describe('every number that an operator writes has bounds', () => {
  it('in the params of every plugin', async () => {
    const found = (await packages()).flatMap(({ name, plugins }) =>
      plugins.flatMap((plugin) => [...unboundedIn(plugin.params, `${name} ${plugin.kind}`)]),
    )
    expect(found).toEqual([])
  })

  it('in the pipeline itself: conversation, record, speech-cache, tools, fallbacks', async () => {
    const schema = pipelineJsonSchema(await packages())
    const text = JSON.stringify(schema)
    const some = ['max_call_ms', 'max_mb', 'max_rounds', 'keepalive_time_ms', 'first_token_timeout_ms']
    expect(some.filter((name) => !text.includes(`"${name}"`))).toEqual([])
    expect([...unboundedIn(schema, 'pipeline')]).toEqual([])
  })

  it('and the sweep finds one that has none', () => {
    const schema = {
      properties: {
        a_ms: { anyOf: [{ type: 'integer', minimum: 0, maximum: 3_000_000_000 }] },
        b: { type: ['number', 'string'], minimum: 0 },
        c: { type: 'integer', maximum: 1 },
      },
    }
    expect([...unboundedIn(schema, '')].map(({ fault }) => fault)).toEqual([
      'maximum 3000000000',
      'no maximum',
      'no minimum',
    ])
  })

  it.each(['3000000000', '2147483648', '-1', '1e400', 'soon'])(
    'in the environment: KAV_DRAIN_MS=%s is refused',
    (text) => {
      expect(() => readEnvironment({ KAV_DRAIN_MS: text })).toThrow('a whole number from 0 to 86400000')
    },
  )
})
