// A worker whose sessions say, in their first phrase, what it answers to each request: lists of messages as JSON.
// `$session` stands for the session's number. Without a list it answers as it should.
import { parentPort } from 'node:worker_threads'

const scripts = new Map()
const opened = (session) => ({ type: 'opened', session, unknownWords: [], derivedWords: [], vocabulary: 1 })

parentPort.on('message', ({ type, session, settings, bytes }) => {
  if (type === 'shutdown') return parentPort.close()
  if (type === 'close') return parentPort.postMessage({ type: 'closed', session })
  if (type === 'open') {
    const own = (_key, value) => (value === '$session' ? session : value)
    scripts.set(session, JSON.parse(settings.phrases[0], own))
  }
  const meant = {
    open: [opened(session)],
    audio: [
      { type: 'taken', session, bytes: bytes?.length, busyMs: 1 },
      { type: 'event', session, event: { type: 'final', text: `${bytes?.length}` } },
    ],
    finish: [{ type: 'ended', session }],
  }
  for (const answer of scripts.get(session)?.[type] ?? meant[type]) parentPort.postMessage(answer)
})
