// A worker whose clauses say what it answers: a list of messages as JSON. `$job` and `$audio` stand for the real ones.
import { parentPort } from 'node:worker_threads'

parentPort.on('message', ({ job, text }) => {
  const meant = { $job: job, $audio: new Uint8Array(160) }
  const answers = JSON.parse(text, (_key, value) => meant[value] ?? value)
  for (const answer of answers) parentPort.postMessage(answer)
})
