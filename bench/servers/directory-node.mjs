// One node of a fleet whose calls begin and end; `../directory.mjs` is another.

import { openNatsDirectory } from '../../packages/directory-nats/dist/index.js'
import { quietContext } from '../lib/quiet-context.mjs'
import { serveCommands } from '../lib/server-commands.mjs'

const [servers, fleet, node] = process.argv.slice(2)
const directory = openNatsDirectory({ ...quietContext(), servers, fleet, node })
directory.onCommand(({ payload }) => payload)
const places = []
let next = 0
let turnover

const addOne = () =>
  places.push(directory.add({ id: `${node}-${next++}`, pipeline: 'bench', number: '+15550100' }))

serveCommands({
  add({ calls }) {
    while (places.length < calls) addOne()
  },
  /** So many calls a second end, and as many begin. */
  turnOver({ perSecond }) {
    clearInterval(turnover)
    turnover = setInterval(() => {
      places.shift()?.release()
      addOne()
    }, 1000 / perSecond)
  },
})
process.send({ id: 0, value: { node } })
