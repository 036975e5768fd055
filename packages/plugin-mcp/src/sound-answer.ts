import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { fieldsOf } from './foreign-fields.ts'

/** An answer that is neither a result nor an error is taken for an error: its call would wait for another one. */
export function soundAnswer(message: JSONRPCMessage): JSONRPCMessage {
  const { id, method, result, error } = fieldsOf(message)
  if (typeof id !== 'number' || method !== undefined || isObject(result)) return message
  const { code, message: why } = fieldsOf(error)
  if (Number.isInteger(code) && typeof why === 'string') return message
  return {
    jsonrpc: '2.0',
    id,
    error: { code: -32603, message: 'its answer is neither a result nor an error' },
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
