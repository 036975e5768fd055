import { parentPort } from 'node:worker_threads'

parentPort.on('message', ({ type, session }) => {
  if (type === 'audio') throw new Error('on purpose')
  if (type === 'shutdown') parentPort.close()
  if (type === 'open') {
    parentPort.postMessage({ type: 'opened', session, unknownWords: [], derivedWords: [], vocabulary: 1 })
  }
  if (type === 'close') parentPort.postMessage({ type: 'closed', session })
})
