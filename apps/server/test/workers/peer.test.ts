import { fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
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
    send: (_message: object, socket?: Socket, callback?: (error: Error | null) => void) =>
      void sent.push(() => {
        Object.assign(socket!, { _handle: null })
        callback?.(null)
      }),
    on: events.on.bind(events),
  }
  const peer = connectPeer<object, Tells, object, object>(channel, { answer: {}, hear: {} })
  return {
    peer,
    sendOne: () => sent.shift()?.(),
    /** Killed while sockets wait, a process ends and its channel seems to be there. */
    end(how: 'disconnect' | 'exit') {
      channel.connected = how === 'exit'
      events.emit(how)
    },
  }
}

function openSocket() {
  const done: string[] = []
  const handle = { close: () => done.push('handle closed') }
  return { done, socket: { _handle: handle, destroy: () => done.push('destroyed') } as unknown as Socket }
}

describe('the channel to another process', () => {
  it.each(['disconnect', 'exit'] as const)(
    'leaves no socket open that was not taken when it ends (%s), and gives back what was not on its way',
    (how) => {
      const { peer, sendOne, end } = openChannel()
      const [taken, sent, waiting, wanted, late] = Array.from({ length: 5 }, openSocket) as [
        ReturnType<typeof openSocket>,
        ReturnType<typeof openSocket>,
        ReturnType<typeof openSocket>,
        ReturnType<typeof openSocket>,
        ReturnType<typeof openSocket>,
      ]
      for (const [name, { socket }] of Object.entries({ taken, sent, waiting }))
        peer.tell('upgrade', name, socket)
      peer.tell('upgrade', 'wanted', wanted.socket, () => wanted.done.push('given back'))
      // Node sends the second when the first was taken.
      sendOne()
      sendOne()
      end(how)
      peer.tell('upgrade', 'late', late.socket)
      expect([taken, sent, waiting, wanted, late].map(({ done }) => done)).toEqual([
        ['destroyed'],
        ['destroyed', 'handle closed'],
        ['destroyed'],
        ['given back'],
        ['destroyed'],
      ])
    },
  )

  it('lets a server close whose socket went to a process that has ended since', async () => {
    const worker = fork(fileURLToPath(new URL('../fixtures/socket-taker.mjs', import.meta.url)))
    const { tell } = connectPeer<object, Tells, object, object>(worker, { answer: {}, hear: {} })
    const server = createServer({ pauseOnConnect: true }, (socket) => tell('upgrade', 'taken', socket))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const caller = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const [answer] = (await once(caller, 'data')) as [Buffer]
    expect(String(answer)).toBe('taken')
    await once(worker, 'exit')
    await new Promise((resolve) => server.close(resolve))
  })
})
