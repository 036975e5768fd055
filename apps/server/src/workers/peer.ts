import type { Socket } from 'node:net'
import { messageOf } from '@kav/core'
import { PipelineProblems } from '../open-pipeline.ts'

/** One side of a channel between processes, as `ChildProcess` and `process` have it. */
export interface Channel {
  readonly connected: boolean
  send(message: object, socket?: Socket, callback?: (error: Error | null) => void): void
  on(event: 'message', listener: (message: unknown, socket?: Socket) => void): void
  /** Node forgets to tell of the channel's end while sockets wait for it; the end of the process it tells. */
  on(event: 'disconnect' | 'exit', listener: () => void): void
}

/** What is done with what comes. */
export interface Handlers<InAsks, InTells> {
  readonly answer: {
    readonly [What in keyof InAsks]: (
      value: InAsks[What] extends { ask: infer Ask } ? Ask : never,
    ) => Promise<InAsks[What] extends { answer: infer Answer } ? Answer : never>
  }
  readonly hear: { readonly [What in keyof InTells]: (value: InTells[What], socket?: Socket) => void }
}

/** The other process. */
export interface Peer<OutAsks extends object, OutTells extends object> {
  readonly isGone: boolean
  /** Rejects with what the other side threw, and when it is gone. */
  ask<What extends keyof OutAsks>(
    what: What,
    value: OutAsks[What] extends { ask: infer Ask } ? Ask : never,
  ): Promise<OutAsks[What] extends { answer: infer Answer } ? Answer : never>
  /**
   * Lost when the other side is gone. A socket that is sent is the other side's from here on; where that side ends
   * before the socket was on its way, `onReturned` has it back as it was, in place of its being closed.
   */
  tell<What extends keyof OutTells>(
    what: What,
    value: OutTells[What],
    socket?: Socket,
    onReturned?: () => void,
  ): void
}

type Message =
  | { readonly ask: string; readonly id: number; readonly value: unknown }
  | { readonly tell: string; readonly value: unknown }
  | { readonly answered: number; readonly value: unknown }
  | { readonly failed: number; readonly error: string; readonly isProblems: boolean }

interface SocketHandle {
  close(): void
}

interface Unsent {
  readonly handle: SocketHandle | undefined
  readonly onReturned: () => void
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Requests, answers and news over one channel. Both sides are Kav of one version: what comes is believed. */
export function connectPeer<
  OutAsks extends object,
  OutTells extends object,
  InAsks extends object,
  InTells extends object,
>(channel: Channel, handlers: Handlers<InAsks, InTells>): Peer<OutAsks, OutTells> {
  const waiting = new Map<number, Waiting>()
  /** Node sends one after the other, and keeps those that wait for a side that is gone. */
  const unsent = new Map<Socket, Unsent>()
  /** Of the socket that was sent last: Node closes it when the other side says that it has it, and only then. */
  let lastSent: SocketHandle | undefined
  let nextId = 0
  let gone = false

  function send(message: Message, socket?: Socket, onReturned = (): void => void socket?.destroy()): void {
    if (gone || !channel.connected) return onReturned()
    if (socket === undefined) return channel.send(message, undefined, () => undefined)
    const handle = handleOf(socket)
    unsent.set(socket, { handle, onReturned })
    leaveServer(socket)
    channel.send(message, socket, () => {
      unsent.delete(socket)
      lastSent = handle
      // What it was to this side. The connection goes with its handle.
      socket.destroy()
    })
  }

  async function answer({ ask, id, value }: Extract<Message, { ask: string }>): Promise<void> {
    const handler = (handlers.answer as Record<string, (value: unknown) => Promise<unknown>>)[ask]
    try {
      send({ answered: id, value: await handler!(value) })
    } catch (error) {
      send({ failed: id, error: messageOf(error), isProblems: error instanceof PipelineProblems })
    }
  }

  channel.on('message', (received, socket) => {
    const message = received as Message
    if ('ask' in message) return void answer(message)
    if ('tell' in message) {
      const hear = (handlers.hear as Record<string, (value: unknown, socket?: Socket) => void>)[message.tell]
      return hear!(message.value, socket)
    }
    const id = 'answered' in message ? message.answered : message.failed
    const asked = waiting.get(id)
    waiting.delete(id)
    if ('answered' in message) asked?.resolve(message.value)
    else asked?.reject(message.isProblems ? new PipelineProblems(message.error) : new Error(message.error))
  })
  const leave = (): void => {
    gone = true
    // Nobody knows whether it was read there, so nobody else may have it. Closed already, nothing happens.
    lastSent?.close()
    lastSent = undefined
    const left = [...unsent]
    unsent.clear()
    for (const [socket, { handle, onReturned }] of left)
      if (handleOf(socket) === handle) onReturned()
      else handle?.close()
    for (const asked of waiting.values()) asked.reject(new Error('the other process is gone'))
    waiting.clear()
  }
  channel.on('disconnect', leave)
  channel.on('exit', leave)

  return {
    get isGone() {
      return gone || !channel.connected
    },
    ask: (what, value) =>
      new Promise((resolve, reject) => {
        if (gone || !channel.connected) return reject(new Error('the other process is gone'))
        const id = nextId++
        waiting.set(id, { resolve: resolve, reject })
        send({ ask: String(what), id, value })
      }),
    tell: (what, value, socket, onReturned) => send({ tell: String(what), value }, socket, onReturned),
  }
}

/**
 * A server of Node that knows a socket which it took goes to another process asks that process for it when it closes,
 * and waits for ever where the process has ended. One that sees it destroyed here counts it as gone.
 */
function leaveServer(socket: Socket & { server?: unknown }): void {
  socket.server = undefined
}

/** What the system knows a socket by. Node takes it out of a socket that it sends. */
function handleOf(socket: Socket): SocketHandle | undefined {
  return (socket as unknown as { readonly _handle?: SocketHandle | null })._handle ?? undefined
}
