// Asks for a process of its own while no file can be opened any more, and prints how that ends.
import { openSync } from 'node:fs'
import { createAskOwnProcess } from '../../dist/mcp/own-process.js'

const ask = createAskOwnProcess({ inProcess: (work) => work() }, new AbortController().signal)
try {
  for (;;) openSync('/dev/null')
} catch {
  // None is left.
}
await ask({}).then(
  () => console.log('answered'),
  (error) => console.log(`rejected: ${error.code}`),
)
