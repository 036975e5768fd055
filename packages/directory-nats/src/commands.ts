import { NoRespondersError, RequestError } from '@nats-io/transport-node'
import { type CommandHandler, type CommandOutcome, type FleetCommand, messageOf } from '@kav/core'
import { createDeferred, type OwnCalls, runCommand, withDeadline } from '@kav/core/kit'
import type { AskParts } from './ask.ts'
import type { CallTable } from './call-table.ts'
import type { FleetNames } from './names.ts'
import { encode, readCommand, readOutcome } from './wire.ts'

export interface CommandsParts extends AskParts {
  readonly own: OwnCalls
  readonly table: CallTable
  readonly names: FleetNames
}

/** Commands to the owner of a call, and those that this node's calls get. */
export class Commands {
  readonly #parts: CommandsParts
  /** What waits for an answer of a node, by who that is. */
  readonly #waiting = new Map<string, Set<() => void>>()
  #handler: CommandHandler | undefined

  constructor(parts: CommandsParts) {
    this.#parts = parts
  }

  handle(handler: CommandHandler): void {
    this.#handler = handler
  }

  /** A node is not heard any more: nobody waits for it to the end of his time. */
  lost(owner: string): void {
    for (const giveUp of this.#waiting.get(owner) ?? []) giveUp()
  }

  /** A request of another node, answered in so many bytes at most. */
  async answer(request: Uint8Array, maxBytes: number): Promise<Uint8Array> {
    const command = readCommand(request)
    if (command === undefined) return encode(fault('failed', 'a command that cannot be read'))
    const outcome = await this.#runHere(command)
    try {
      const bytes = encode(outcome)
      return bytes.byteLength <= maxBytes
        ? bytes
        : encode(
            fault('failed', `the answer has ${bytes.byteLength} bytes, of ${maxBytes} that the server takes`),
          )
    } catch (thrown) {
      return encode(fault('failed', `the answer is none that JSON can carry: ${messageOf(thrown)}`))
    }
  }

  async send(command: FleetCommand, timeoutMs: number): Promise<CommandOutcome> {
    const { own, clock, metrics } = this.#parts
    const here = own.get(command.callId) !== undefined
    const sent = here ? this.#runHere(command) : this.#sendThere(command, timeoutMs)
    const outcome = await withDeadline(clock, timeoutMs, command.name, sent).catch((thrown: unknown) =>
      fault('no-answer', messageOf(thrown)),
    )
    metrics.count('directory_commands_total', 1, { outcome: outcome.answered ? 'answered' : outcome.why })
    return outcome
  }

  async #runHere(command: FleetCommand): Promise<CommandOutcome> {
    const { own } = this.#parts
    if (own.get(command.callId) === undefined)
      return fault('unknown-call', `no call ${command.callId} runs on its node any more`)
    return runCommand(command, this.#handler)
  }

  async #sendThere(command: FleetCommand, timeoutMs: number): Promise<CommandOutcome> {
    const { link, table, names } = this.#parts
    const known = table.get(command.callId)
    const { session } = link
    if (session === undefined) return fault('cut-off', 'this node does not reach the others now')
    if (known === undefined) return fault('unknown-call', `no node has a call ${command.callId}`)
    if (!known.heard) return fault('node-lost', `node ${known.call.node} is not heard any more`)
    const bytes = asBytes(command)
    if (bytes === undefined) return fault('failed', 'the command is none that JSON can carry')
    try {
      if (bytes.byteLength > session.maxPayloadBytes)
        return fault('failed', `the command has ${bytes.byteLength} bytes, more than the server takes`)
      const subject = names.commandSubject(known.owner)
      const answer = await this.#whileHeard(known.owner, session.request(subject, bytes, timeoutMs))
      if (answer === undefined)
        return fault('no-answer', `node ${known.call.node} is not heard any more; it may have been done`)
      return readOutcome(answer)
    } catch (thrown) {
      return isNobodyThere(thrown)
        ? fault('node-lost', `node ${known.call.node} is not connected`)
        : fault('no-answer', messageOf(thrown))
    }
  }

  /** `undefined`: its node was lost meanwhile. */
  async #whileHeard(owner: string, asked: Promise<Uint8Array>): Promise<Uint8Array | undefined> {
    const lost = createDeferred<undefined>()
    const giveUp = (): void => lost.resolve(undefined)
    const waiting = this.#waiting.get(owner) ?? new Set()
    this.#waiting.set(owner, waiting.add(giveUp))
    try {
      return await Promise.race([asked, lost.promise])
    } finally {
      waiting.delete(giveUp)
      if (waiting.size === 0) this.#waiting.delete(owner)
      // Nobody asks any more.
      asked.catch(() => undefined)
    }
  }
}

function isNobodyThere(thrown: unknown): boolean {
  return thrown instanceof NoRespondersError || (thrown instanceof RequestError && thrown.isNoResponders())
}

function fault(why: Extract<CommandOutcome, { answered: false }>['why'], message: string): CommandOutcome {
  return { answered: false, why, message }
}

function asBytes(command: FleetCommand): Uint8Array | undefined {
  try {
    return encode(command)
  } catch {
    return undefined
  }
}
