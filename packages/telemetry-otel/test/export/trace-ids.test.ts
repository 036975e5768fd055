import { describe, expect, it } from 'vitest'
import { spanIdOf, traceIdOf } from '../../src/export/trace-ids.ts'

describe('the ids of a trace', () => {
  it('are those of the call: whoever knows its id finds the trace', () => {
    // printf 'kav call %s' CA123 | sha256sum | cut -c1-32
    expect(traceIdOf('CA123')).toBe('f89c75dd8033a6b6c05a3e5452b0ed2b')
  })

  it('are other ones for every span of many traces, and the same each time', () => {
    const ids = new Set<string>()
    const traces = Array.from({ length: 200 }, (_, at) => traceIdOf(`CA${at}`))
    const keys = Array.from({ length: 200 }, (_, at) => [
      `turn ${at}`,
      `turn ${at}/llm ${at}`,
      `speech ${at}`,
    ])
    for (const trace of traces) for (const key of keys.flat()) ids.add(spanIdOf(trace, key))
    expect(ids.size).toBe(200 * 600)
    for (const id of ids) if (!/^[0-9a-f]{16}$/.test(id) || /^0+$/.test(id)) expect.fail(id)
    expect(spanIdOf(traces[0]!, 'call')).toBe(spanIdOf(traces[0]!, 'call'))
  })
})
