import { afterEach, expect, it, vi } from 'vitest'
import { createToolCallAssembly } from '../src/llm/tool-call-assembly.ts'

afterEach(() => vi.restoreAllMocks())

it.each([
  ['texts', { text: 'e'.repeat(10_000) }, 4],
  ['figures', { list: Array.from({ length: 3000 }, (_, n) => n % 10) }, 1],
])(
  'arguments of thousands of pieces, %s, are read as a whole a few times, not for each piece',
  (_of, sent, length) => {
    const text = JSON.stringify(sent)
    const assembly = createToolCallAssembly([{ name: 'send', description: '', parameters: {} }])
    const parse = vi.spyOn(JSON, 'parse')
    const none = { call: {}, function: {} }
    assembly.add({ index: 0, id: 'call-1', name: 'send', arguments: '', ...none })
    for (let at = 0; at < text.length; at += length)
      assembly.add({ index: 0, id: '', name: '', arguments: text.slice(at, at + length), ...none })
    expect(assembly.take(true)).toEqual([{ id: 'call-1', name: 'send', arguments: text }])
    const read = parse.mock.calls.reduce((chars, [one]) => chars + one.length, 0)
    expect(read).toBeLessThan(4 * text.length)
  },
)
