import type { CallDirectory, CommandFault } from '@kav/core'
import { PLACED_OVER } from '../admission/ringing-calls.ts'
import type { CallCommand, CallCommandAnswer, CallHost } from './call-command.ts'

/** The name of the one command that nodes give each other. */
const COMMAND = 'kav.call'
/** A carrier gets eight seconds for a transfer; the way to the node and back the rest. */
const ANSWER_MS = 12_000

/** The node that has a call, as one that runs calls. Its frames travel as base64: the bus carries what JSON can. */
export function hostOfNode(directory: CallDirectory, callId: string): CallHost {
  return {
    async ask(command) {
      const outcome = await directory.command({ callId, name: COMMAND, payload: command }, ANSWER_MS)
      if (outcome.answered) return withBytes(outcome.answer as CallCommandAnswer)
      throw new NodeFailure(outcome.why, outcome.message)
    },
  }
}

/** Why another node did not answer. */
export class NodeFailure extends Error {
  readonly why: CommandFault

  constructor(why: CommandFault, message: string) {
    super(message)
    this.name = 'NodeFailure'
    this.why = why
  }
}

/** Whoever watched a call fetches its end after it. */
const MAX_REMEMBERED = 1000

/** Answers other nodes for the calls of this one. @param hostOf who of this node has a call @param onPlacedOver one that it has placed, and that will not come */
export function answerNodes(
  directory: CallDirectory,
  hostOf: (callId: string) => Promise<CallHost | undefined>,
  onPlacedOver: (callId: string) => void = () => undefined,
): void {
  const remembered = new Map<string, CallHost>()
  directory.onCommand(async ({ callId, name, payload }) => {
    if (name === PLACED_OVER) return onPlacedOver(callId)
    if (name !== COMMAND) throw new Error(`no such command: ${name}`)
    const host = (await hostOf(callId)) ?? remembered.get(callId)
    if (host === undefined) return UNKNOWN
    const [oldest] = remembered.keys()
    if (oldest !== undefined && remembered.size >= MAX_REMEMBERED) remembered.delete(oldest)
    remembered.set(callId, host)
    return withoutBytes(await host.ask(payload as CallCommand))
  })
}

const UNKNOWN: CallCommandAnswer = {
  done: false,
  why: 'unknown-call',
  message: 'there is no such call',
}

interface Bytes {
  readonly bytes: Uint8Array
}

function withoutBytes(answer: CallCommandAnswer): CallCommandAnswer {
  return mapFrames(answer, (frame) => ({
    ...frame,
    bytes: Buffer.from((frame as Bytes).bytes).toString('base64'),
  }))
}

function withBytes(answer: CallCommandAnswer): CallCommandAnswer {
  return mapFrames(answer, (frame) => ({ ...frame, bytes: Buffer.from(String(frame.bytes), 'base64') }))
}

function mapFrames(
  answer: CallCommandAnswer,
  map: (frame: { readonly bytes: unknown }) => object,
): CallCommandAnswer {
  const value = answer.done ? (answer.value as { news?: unknown } | null) : null
  if (!Array.isArray(value?.news)) return answer
  const news = value.news.map((one: object) => ('bytes' in one ? map(one) : one))
  return { done: true, value: { ...value, news } }
}
