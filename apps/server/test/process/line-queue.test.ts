import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLineQueue } from '../../src/process/line-queue.ts'

const PUSH = fc.record({
  size: fc.integer({ min: 1, max: 60 }),
  urgent: fc.boolean(),
  takeBytes: fc.option(fc.integer({ min: 1, max: 200 })),
})

describe('the lines that wait to be written', () => {
  it('come out whole and in order, or are counted, and never take more than their bound', () => {
    fc.assert(
      fc.property(fc.array(PUSH, { maxLength: 200 }), fc.integer({ min: 100, max: 1000 }), (steps, max) => {
        const queue = createLineQueue(max)
        const kept: string[] = []
        let out = ''
        let lost = 0
        let told = 0
        steps.forEach(({ size, urgent, takeBytes }, index) => {
          const line = `${String(index).padStart(4, '0')}${'x'.repeat(size)}\n`
          if (queue.push(line, urgent)) kept.push(line)
          else lost++
          expect(queue.bytes).toBeLessThanOrEqual(max)
          if (takeBytes === null) return
          out += queue.take(takeBytes)?.toString() ?? ''
          expect(out === '' || out.endsWith('\n')).toBe(true)
          told += queue.takeLost()
        })
        for (let piece = queue.take(64); piece; piece = queue.take(64)) out += piece.toString()
        told += queue.takeLost()
        expect(out).toBe(kept.join(''))
        expect(told).toBe(lost)
      }),
    )
  })

  it('keep room for what is urgent', () => {
    const queue = createLineQueue(100)
    while (queue.push('figures\n', false));
    expect(queue.push('why it came to it\n', true)).toBe(true)
  })

  it('lose in one stretch, not a line here and a line there', () => {
    const queue = createLineQueue(1000)
    while (queue.push('0123456789\n', false));
    queue.take(100)
    expect(queue.push('too early\n', false)).toBe(false)
    expect(queue.takeLost()).toBe(0)
    queue.take(500)
    expect(queue.takeLost()).toBe(2)
    expect(queue.push('again\n', false)).toBe(true)
  })
})
