// One good call beside an attack, in a process of its own: what its caller hears.

import { placeCall } from '../../packages/phone/dist/index.js'
import { serveCommands } from '../lib/server-commands.mjs'

serveCommands({
  async call({ webhookUrl, authToken, publicUrl, ms }) {
    const call = await placeCall({ webhookUrl, authToken, publicUrl })
    await new Promise((resolve) => setTimeout(resolve, ms))
    call.hangUp()
    const { endedBy, timeline, received, ownLagMs } = await call.finished
    return {
      endedBy,
      underruns: timeline.filter((event) => event.type === 'underrun' && event.gapMs > event.ownLagMs).length,
      latenessMs: received.latenessMs,
      ownLagMs,
    }
  },
})
process.send({ id: 0, value: {} })
