import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

/** No message is longer: reading a longer one would hold every call of the process up. */
export const MAX_MESSAGE_BYTES = 4_194_304

const ID = /"id"\s*:\s*(\d{1,15})\s*[,}]/

/** The id in the beginning of a message, or else in its end: JSON-RPC leaves it open where it stands. */
export function idIn(head: string, tail: string): number | undefined {
  const found = ID.exec(beforeResult(head)) ?? ID.exec(tail.slice(tail.lastIndexOf('}', tail.length - 3) + 1))
  return found === null ? undefined : Number(found[1])
}

/** What is said in the place of an answer that is not read. */
export function oversizedAnswer(id: number): JSONRPCMessage {
  return {
    jsonrpc: '2.0',
    id,
    error: { code: -32001, message: `its answer is longer than ${MAX_MESSAGE_BYTES / 1_048_576} MB` },
  }
}

function beforeResult(head: string): string {
  const at = head.indexOf('"result"')
  return at < 0 ? head : head.slice(0, at)
}
