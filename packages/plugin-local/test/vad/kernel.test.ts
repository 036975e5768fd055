import { describe, expect, it } from 'vitest'
import { BLOCK_COLUMNS, createKernel, type Kernel } from '../../src/vad/kernel.ts'
import { createRandom } from './recordings.ts'

describe('the kernel', () => {
  it('gives the same bits with SIMD and without', () => {
    const simd = createKernel(4000, 'wasm-simd')
    const plain = createKernel(4000, 'javascript')
    const random = createRandom(1)
    for (let round = 0; round < 50; round++) {
      for (let n = 0; n < 4000; n++) simd.memory[n] = (random() - 0.5) * 10 ** (8 * random() - 4)
      simd.memory.fill(round % 2 === 0 ? 0 : -Infinity, 2000, 2004) // the floor of the head
      plain.memory.set(simd.memory)
      const depth = 1 + Math.floor(random() * 40)
      const rows = 1 + Math.floor(random() * 5)
      for (const { multiply } of [simd, plain]) multiply(8000, 0, 8400, 160, 12_000, 256, depth, rows)
      expect(bytesOf(simd).equals(bytesOf(plain))).toBe(true)
    }
  })

  it.each(['wasm-simd', 'javascript'] as const)('multiplies, adds the bias and clamps (%s)', (kind) => {
    const { memory, multiply } = createKernel(1000, kind)
    for (let column = 0; column < BLOCK_COLUMNS; column++) {
      memory[column] = column // w, k = 0
      memory[BLOCK_COLUMNS + column] = -1 // w, k = 1
      memory[100 + column] = 0.5 // bias, after a floor of zero
    }
    memory.set([2, 10, 3, 1], 200) // two rows of x
    multiply(384, 0, 800, 8, 1200, 64, 2, 2)
    const outputs = (start: number) => [...memory.subarray(start, start + BLOCK_COLUMNS)]
    expect(outputs(300)).toEqual(
      Array.from({ length: BLOCK_COLUMNS }, (_, column) => Math.max(0, 0.5 + 2 * column - 10)),
    )
    expect(outputs(316)).toEqual(
      Array.from({ length: BLOCK_COLUMNS }, (_, column) => Math.max(0, 0.5 + 3 * column - 1)),
    )
  })

  it('takes SIMD where there is SIMD', () => {
    expect(createKernel(1).kind).toBe('wasm-simd')
  })
})

function bytesOf({ memory }: Kernel): Buffer {
  return Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength)
}
