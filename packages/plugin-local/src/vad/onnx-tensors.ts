import { ProviderError } from '@kav/core'

/** A float tensor of an ONNX file: row-major values and their shape. */
export interface OnnxTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

// Field numbers of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3): the few that lead to tensors.
const MODEL_GRAPH = 7
const GRAPH_NODE = 1
const GRAPH_INITIALIZER = 5
const NODE_OUTPUT = 2
const NODE_OP_TYPE = 4
const NODE_ATTRIBUTE = 5
const ATTRIBUTE_TENSOR = 5
const ATTRIBUTE_GRAPH = 6
const TENSOR_DIMS = 1
const TENSOR_DATA_TYPE = 2
const TENSOR_NAME = 8
const TENSOR_RAW_DATA = 9
const DATA_TYPE_FLOAT = 1

/**
 * Reads every float tensor of an ONNX model: initializers and `Constant` nodes, also those inside the branches of
 * `If` nodes. Keys are the names the graph uses (a constant's is its node's output). Pure; throws `bad-data` when
 * the bytes are not an ONNX file.
 */
export function readOnnxTensors(model: Uint8Array): Map<string, OnnxTensor> {
  const tensors = new Map<string, OnnxTensor>()
  for (const { number, bytes } of readFields(model)) {
    if (number === MODEL_GRAPH) readGraph(bytes, tensors)
  }
  return tensors
}

function readGraph(graph: Uint8Array, tensors: Map<string, OnnxTensor>): void {
  for (const { number, bytes } of readFields(graph)) {
    if (number === GRAPH_NODE) readNode(bytes, tensors)
    if (number === GRAPH_INITIALIZER) addTensor(bytes, undefined, tensors)
  }
}

function readNode(node: Uint8Array, tensors: Map<string, OnnxTensor>): void {
  let output: string | undefined
  let isConstant = false
  const attributes: Uint8Array[] = []
  for (const { number, bytes } of readFields(node)) {
    if (number === NODE_OUTPUT) output ??= text(bytes)
    if (number === NODE_OP_TYPE) isConstant = text(bytes) === 'Constant'
    if (number === NODE_ATTRIBUTE) attributes.push(bytes)
  }
  for (const attribute of attributes) {
    for (const { number, bytes } of readFields(attribute)) {
      if (number === ATTRIBUTE_GRAPH) readGraph(bytes, tensors)
      if (number === ATTRIBUTE_TENSOR && isConstant) addTensor(bytes, output, tensors)
    }
  }
}

function addTensor(
  tensor: Uint8Array,
  outputName: string | undefined,
  tensors: Map<string, OnnxTensor>,
): void {
  const shape: number[] = []
  let name = outputName
  let dataType = 0
  let raw: Uint8Array | undefined
  for (const { number, bytes, value } of readFields(tensor)) {
    if (number === TENSOR_DIMS) shape.push(...(bytes.length > 0 ? packedVarints(bytes) : [value]))
    if (number === TENSOR_DATA_TYPE) dataType = value
    if (number === TENSOR_NAME) name ??= text(bytes)
    if (number === TENSOR_RAW_DATA) raw = bytes
  }
  if (dataType !== DATA_TYPE_FLOAT || raw === undefined || name === undefined) return
  if (raw.length !== 4 * shape.reduce((product, size) => product * size, 1)) {
    throw new ProviderError(
      'bad-data',
      `ONNX tensor ${name} has ${raw.length} bytes, not those of [${shape.join(', ')}]`,
    )
  }
  // The copy aligns the values to four bytes and lets go of the file.
  tensors.set(name, { shape, values: new Float32Array(new Uint8Array(raw).buffer) })
}

interface Field {
  readonly number: number
  /** Payload of a length-delimited field, else empty. */
  readonly bytes: Uint8Array
  /** Value of a varint field, else 0. */
  readonly value: number
}

const EMPTY = new Uint8Array(0)

/** The fields of one protobuf message (https://protobuf.dev/programming-guides/encoding/). */
function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0
  while (at < message.length) {
    const tag = readVarint(message, at)
    const number = Math.floor(tag.value / 8)
    const wireType = tag.value % 8
    at = tag.end
    if (wireType === 0) {
      const { value, end } = readVarint(message, at)
      at = end
      yield { number, bytes: EMPTY, value }
      continue
    }
    let length = wireType === 1 ? 8 : wireType === 5 ? 4 : -1
    if (wireType === 2) ({ value: length, end: at } = readVarint(message, at))
    if (length < 0 || at + length > message.length) {
      throw new ProviderError('bad-data', `Not an ONNX file: broken protobuf field at byte ${at}`)
    }
    yield { number, bytes: message.subarray(at, at + length), value: 0 }
    at += length
  }
}

function packedVarints(bytes: Uint8Array): number[] {
  const values: number[] = []
  for (let at = 0; at < bytes.length;) {
    const { value, end } = readVarint(bytes, at)
    values.push(value)
    at = end
  }
  return values
}

/** Values above 2^53 (negative int64) lose precision; no field read here has one. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0
  let scale = 1
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    const byte = bytes[at]!
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return { value, end: at + 1 }
    scale *= 128
  }
  throw new ProviderError('bad-data', `Not an ONNX file: broken number at byte ${start}`)
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
