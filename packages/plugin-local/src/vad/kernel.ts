/**
 * The one inner loop of the network: `rows` input rows times one block of 16 output columns,
 * `y[row][0..15] = max(floor, bias[0..15] + sum over k of x[row][k] * w[k][0..15])`.
 *
 * All positions and strides are byte offsets into the kernel's memory, multiples of four. `head` is where the block's
 * floor (four times) and then its bias lie. `depth` is the length of k, at least 1, as is `rows`. Each output adds its
 * products in the order of k in single precision, so that one row gives the same bits alone, in a batch, with SIMD or
 * without.
 */
export type MultiplyBlock = (
  head: number,
  w: number,
  x: number,
  xStride: number,
  y: number,
  yStride: number,
  depth: number,
  rows: number,
) => void

export interface Kernel {
  /** Everything the network holds: weights, then activations. */
  readonly memory: Float32Array
  readonly multiply: MultiplyBlock
  readonly kind: KernelKind
}

export type KernelKind = 'wasm-simd' | 'javascript'

// @types/node leaves WebAssembly to the DOM library, which this code does not have.
declare const WebAssembly: {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer }
  Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

/**
 * Output columns per call, four vectors of four. Eight vectors would need more registers than V8 finds and take twice
 * the time (measured on AMD EPYC, Node 20).
 */
export const BLOCK_COLUMNS = 16
export const HEAD_FLOATS = 4 + BLOCK_COLUMNS
const VECTORS = BLOCK_COLUMNS / 4
const PAGE_BYTES = 65_536

/** A kernel with `floats` of zeroed memory; without `kind`, the fastest this machine can run. */
export function createKernel(floats: number, kind?: KernelKind): Kernel {
  if (kind === 'javascript' || (kind === undefined && !WebAssembly.validate(MODULE))) {
    const memory = new Float32Array(floats)
    return { memory, multiply: createMultiplyInJavaScript(memory), kind: 'javascript' }
  }
  const memory = new WebAssembly.Memory({ initial: Math.ceil((floats * 4) / PAGE_BYTES) })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(MODULE), { k: { m: memory } })
  return {
    memory: new Float32Array(memory.buffer, 0, floats),
    multiply: instance.exports['f'] as MultiplyBlock,
    kind: 'wasm-simd',
  }
}

function createMultiplyInJavaScript(memory: Float32Array): MultiplyBlock {
  const { fround } = Math
  return (head, w, x, xStride, y, yStride, depth, rows) => {
    const floor = memory[head >> 2]!
    for (let row = 0; row < rows; row++) {
      const xStart = (x + row * xStride) >> 2
      const yStart = (y + row * yStride) >> 2
      for (let column = 0; column < BLOCK_COLUMNS; column++) {
        let sum = memory[(head >> 2) + 4 + column]!
        for (let k = 0, at = (w >> 2) + column; k < depth; k++, at += BLOCK_COLUMNS) {
          sum = fround(sum + fround(memory[xStart + k]! * memory[at]!))
        }
        memory[yStart + column] = sum < floor ? floor : sum
      }
    }
  }
}

// --- The same loop as a WebAssembly module (https://webassembly.github.io/spec/core/binary/, 300 bytes) ---

const I32 = 0x7f
const V128 = 0x7b
const LOOP_VOID = [0x03, 0x40]
const END = 0x0b
const BR_IF_0 = [0x0d, 0]
const I32_ADD = 0x6a
const I32_SUB = 0x6b
const F32X4_ADD = [0xfd, 0xe4, 0x01]
const F32X4_MUL = [0xfd, 0xe6, 0x01]
/** `pmax(a, b)` is `a < b ? b : a`: one machine instruction, where `max` takes several for NaN and signed zero. */
const F32X4_PMAX = [0xfd, 0xeb, 0x01]
const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const tee = (local: number) => [0x22, local]
const i32 = (value: number) => [0x41, ...signedLeb(value)]
/** Byte alignment hints are powers of two: 2 is four bytes. */
const load = (offset: number) => [0xfd, 0x00, 2, ...leb(offset)]
const loadSplat = [0xfd, 0x09, 2, 0]
const store = (offset: number) => [0xfd, 0x0b, 2, ...leb(offset)]

const MODULE = assembleModule()

function assembleModule(): Uint8Array<ArrayBuffer> {
  const [head, w, x, xStride, y, yStride, depth, rows] = [0, 1, 2, 3, 4, 5, 6, 7] as const
  const [k, xAt, wAt, splat] = [8, 9, 10, 11] as const
  const sums = Array.from({ length: VECTORS }, (_, vector) => 12 + vector)

  const code = [
    ...LOOP_VOID, // for each row
    ...sums.flatMap((sum, vector) => [...get(head), ...load(16 + vector * 16), ...set(sum)]),
    ...[...get(x), ...set(xAt), ...get(w), ...set(wAt), ...get(depth), ...set(k)],
    ...LOOP_VOID, // for each k
    ...[...get(xAt), ...loadSplat, ...set(splat)],
    ...sums.flatMap((sum, vector) => [
      ...[...get(sum), ...get(splat), ...get(wAt), ...load(vector * 16)],
      ...[...F32X4_MUL, ...F32X4_ADD, ...set(sum)],
    ]),
    ...[...get(xAt), ...i32(4), I32_ADD, ...set(xAt)],
    ...[...get(wAt), ...i32(BLOCK_COLUMNS * 4), I32_ADD, ...set(wAt)],
    ...[...get(k), ...i32(1), I32_SUB, ...tee(k), ...BR_IF_0, END],
    ...sums.flatMap((sum, vector) => [
      ...[...get(y), ...get(sum), ...get(head), ...load(0), ...F32X4_PMAX, ...store(vector * 16)],
    ]),
    ...[...get(x), ...get(xStride), I32_ADD, ...set(x)],
    ...[...get(y), ...get(yStride), I32_ADD, ...set(y)],
    ...[...get(rows), ...i32(1), I32_SUB, ...tee(rows), ...BR_IF_0, END],
    END,
  ]
  const locals = [2, 3, I32, 1 + VECTORS, V128]
  const body = [...locals, ...code]
  const name = (text: string) => [text.length, ...Buffer.from(text)]
  const section = (id: number, content: number[]) => [id, ...leb(content.length), ...content]

  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 8, I32, I32, I32, I32, I32, I32, I32, I32, 0]), // one type: eight i32
    ...section(2, [1, ...name('k'), ...name('m'), 0x02, 0x00, 1]), // the memory, made outside
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('f'), 0x00, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ])
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]
}

function signedLeb(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedLeb(value >> 7)]
}
