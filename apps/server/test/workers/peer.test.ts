import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connectPeer } from '../../src/workers/peer.ts'

interface Tells {
  upgrade: string
}

/** One side of a channel whose other side takes what it is told to take, in order, as Node hands sockets on. */
function openChannel() {
  const events = new EventEmitter()
  const sent: (() => void)[] = []
  const channel = {
    connected: true,
    send: (_message: object, _socket?: Socket, callback?: (error: Error | null) => void) =>
      void sent.push(() => callback?.(null)),
    on: events.on.bind(events),
  }
  const peer = connectPeer<object, Tells, object, object>(channel, { answer: {}, hear: {} })
  return {
    peer,
    takeOne: () => sent.shift()?.(),
    /** Killed while sockets wait, a process ends and its channel seems to be there. */
    end(how: 'disconnect' | 'exit') {
      channel.connected = how === 'exit'
      events.emit(how)
    },
  }
}

function openSocket() {
  const state = { destroyed: false }
  return { state, socket: { destroy: () => (state.destroyed = true) } as unknown as Socket }
}

describe('the channel to another process', () => {
  it.each(['disconnect', 'exit'] as const)(
    'closes the sockets that were not taken when it ends (%s)',
    (how) => {
      const { peer, takeOne, end } = openChannel()
      const [taken, waiting, late] = [openSocket(), openSocket(), openSocket()]
      peer.tell('upgrade', 'one', taken.socket)
      peer.tell('upgrade', 'two', waiting.socket)
      takeOne()
      end(how)
      peer.tell('upgrade', 'three', late.socket)
      expect([taken, waiting, late].map(({ state }) => state.destroyed)).toEqual([false, true, true])
    },
  )
})
