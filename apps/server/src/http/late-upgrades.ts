import type { Duplex } from 'node:stream'

/**
 * Holds upgrades back that came behind requests of the same connection: a client may send them without waiting for the
 * answers, and Node hands such a socket out at once. Whoever took it then would write between the answers, and one
 * that went to another process would take the rest of them along.
 */
export interface LateUpgrades {
  /**
   * Calls `take` with the bytes of `head` and what has come since: at once without `answered`, else when that has
   * resolved. Never for a connection that is gone by then, or whose far end has said its last.
   */
  hold(socket: Duplex, answered: Promise<void> | undefined, head: Buffer, take: (head: Buffer) => void): void
  /** Ends those that are held. */
  close(): void
}

/** Before its answer a far end has a greeting to say, if anything. */
const MAX_EARLY_BYTES = 65_536

/** @param limitMs how long answers are waited for. `onCut` is told of a connection that was ended for this or its bytes. */
export function createLateUpgrades(limitMs: number, onCut: () => void): LateUpgrades {
  const held = new Set<Duplex>()

  return {
    hold(socket, answered, head, take) {
      if (answered === undefined) return take(head)
      const early = [head]
      let bytes = head.length
      const cut = (): void => {
        onCut()
        socket.destroy()
      }
      // The requests before may set the socket flowing: what nobody listened to would be lost.
      const keep = (chunk: Buffer): void => {
        early.push(chunk)
        bytes += chunk.length
        if (bytes > MAX_EARLY_BYTES) cut()
      }
      const tooLate = setTimeout(cut, limitMs).unref()
      const fail = (): void => void socket.destroy()
      let ended = false
      const end = (): void => void (ended = true)
      const forget = (): void => {
        clearTimeout(tooLate)
        held.delete(socket)
      }
      held.add(socket)
      socket.on('data', keep).on('error', fail).once('end', end).once('close', forget)
      void answered.then(() => {
        forget()
        if (socket.destroyed || socket.writableEnded) return
        if (ended) return void socket.end()
        socket.off('data', keep).off('end', end).off('close', forget)
        // As Node gives out a socket: it flows when somebody listens.
        Object.assign(socket, { readableFlowing: null })
        take(Buffer.concat(early))
        socket.off('error', fail)
      })
    },
    close() {
      for (const socket of held) socket.destroy()
    },
  }
}
