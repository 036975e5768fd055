// @ts-check
import { createDeferred, createPushQueue, jsonMessage, openWireSocket, withDeadline } from '@kav/core/kit'
import { createReplies } from './replies.js'
/** @import { PluginContext, RealtimeEvent, RealtimeSession, RealtimeSessionOptions } from '@kav/core' */

/**
 * One conversation over one connection. Yours should outlive it: when the service cuts a session, open the next one,
 * put the conversation back and tell `reconnected`.
 *
 * @param {RealtimeSessionOptions} options
 * @param {{ url: string, api_key: string, voice: string, open_timeout_ms: number }} params
 * @param {PluginContext} context
 * @returns {Promise<RealtimeSession>}
 */
export async function openTalk({ signal, callId, ...options }, params, { clock, log, metrics }) {
  const faults = {
    doing: 'acme-realtime session',
    secrets: [params.api_key],
    checks: { auth: 'check realtime.params.api_key' },
  }
  /** @type {ReturnType<typeof createPushQueue<RealtimeEvent>>} */
  const events = createPushQueue()
  const replies = createReplies(events.push)
  const ready = createDeferred()
  // Of a session that is given up while it opens nobody waits for it.
  ready.promise.catch(() => undefined)
  let takesAudio = true

  /** @param {string} text */
  function read(text) {
    const message = jsonMessage(text)
    if (message?.type === 'ready') return ready.resolve(undefined)
    if (message?.type === 'bye') return events.end()
    if (message !== undefined && replies.read(message)) return
    metrics.count('acme_realtime_odd_messages_total')
    log.debug({ callId }, 'acme_realtime message left out')
  }

  const wire = await openWireSocket(
    {
      url: params.url,
      headers: { authorization: `Bearer ${params.api_key}` },
      faults,
      clock,
      signal,
      openLimitMs: params.open_timeout_ms,
    },
    {
      onText: read,
      onLost(error) {
        ready.reject(error)
        events.fail(error)
      },
    },
  )
  /** @param {object} message */
  const send = (message) => wire.send(JSON.stringify(message))

  async function close() {
    takesAudio = false
    signal.removeEventListener('abort', close)
    events.discard()
    await wire.close()
  }

  const { instructions, language, hints: phrases, tools, history } = options
  send({
    type: 'start',
    format: 'mulaw/8000',
    voice: params.voice,
    instructions,
    language,
    phrases,
    tools,
    history,
  })
  try {
    await withDeadline(clock, params.open_timeout_ms, faults.doing, ready.promise, signal)
  } catch (thrown) {
    await close()
    throw thrown
  }
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) await close()

  return {
    events: events.items,
    write(audio) {
      if (takesAudio) send({ type: 'audio', audio: Buffer.from(audio).toString('base64') })
    },
    interrupt(heard) {
      replies.interrupt()
      send({ type: 'interrupt', item_id: heard?.itemId, heard_ms: heard?.heardMs })
    },
    endTurn: () => undefined, // the service finds the ends of turns
    toolResult: (id, content) => send({ type: 'tool-result', id, content }),
    say: (text) => send({ type: 'say', text }),
    finish() {
      if (takesAudio) send({ type: 'end' })
      takesAudio = false
    },
    close,
  }
}
