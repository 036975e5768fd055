import type { SttSession } from '../../contracts/stt.ts'
import { withDeadline } from '../deadline.ts'
import type { SttSocketOptions } from './stt-protocol.ts'
import { createSttSocketLife } from './stt-socket-life.ts'
import { openWireSocket } from './wire-socket.ts'

const FINISH_LIMIT_MS = 5_000
const OPEN_LIMIT_MS = 5_000

/**
 * A recogniser's session over a WebSocket, as the contract of `SttSession` wants it: opening with abort and deadline,
 * a bounded way out, the last words after `finish`, nothing after `close`, no rejection that nobody handles. The plugin
 * says what goes out first, what messages mean, and what goes out last. One socket, one session: the core opens the
 * next one.
 *
 * Counts `{counter}_odd_messages_total` and `{counter}_finish_timeouts_total`.
 */
export async function openSttSocket(options: SttSocketOptions): Promise<SttSession> {
  const { protocol } = options
  const { signal, clock, faults, openLimitMs = OPEN_LIMIT_MS } = options.socket
  const life = createSttSocketLife(options)
  const wire = await openWireSocket(options.socket, life.handlers)
  life.connected(wire)
  for (const message of protocol.first ?? []) wire.send(message)

  async function close(): Promise<void> {
    signal.removeEventListener('abort', drop)
    life.drop()
    await wire.close()
  }
  function drop(): void {
    void close()
  }

  try {
    await withDeadline(clock, openLimitMs, faults.doing, life.ready, signal)
  } catch (thrown) {
    await close()
    throw thrown
  }
  life.opened()
  signal.addEventListener('abort', drop, { once: true })
  if (signal.aborted) drop()

  return {
    events: life.events,
    write(audio) {
      // An empty message means the end to some services.
      if (life.state === 'open' && audio.length > 0) wire.send(protocol.audioMessage?.(audio) ?? audio)
    },
    finish() {
      if (life.state !== 'open') return
      life.finishing(options.finishLimitMs ?? FINISH_LIMIT_MS)
      wire.send(protocol.last)
    },
    close,
  }
}
