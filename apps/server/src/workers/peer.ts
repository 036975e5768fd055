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
  /** Lost when the other side is gone. A socket that is sent is the other side's from here on. */
  tell<What extends keyof OutTells>(what: What, value: OutTells[What], socket?: Socket): void
}

type Message =
  | { readonly ask: string; readonly id: number; readonly value: unknown }
  | { readonly tell: string; readonly value: unknown }
  | { readonly answered: number; readonly value: unknown }
  | { readonly failed: number; readonly error: string; readonly isProblems: boolean }

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
  const onTheWay = new Set<Socket>()
  let nextId = 0
  let gone = false

  const send = (message: Message, socket?: Socket): void => {
    if (gone || !channel.connected) return void socket?.destroy()
    if (socket) onTheWay.add(socket)
    channel.send(message, socket, () => socket && onTheWay.delete(socket))
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
    for (const socket of onTheWay) socket.destroy()
    onTheWay.clear()
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
    tell: (what, value, socket) => send({ tell: String(what), value }, socket),
  }
}
