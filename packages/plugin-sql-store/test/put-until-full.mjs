// In a mount namespace of its own: puts calls into a store on a small disk until that is full, then gives it room.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { sqlStore } from '../dist/index.js'

const [folder, text] = process.argv.slice(2)
const example = JSON.parse(text)
const mount = (...args) => execFileSync('mount', args)
mount('-t', 'tmpfs', '-o', 'size=400k', 'kav', folder)
const context = { log: {}, metrics: {}, baseDir: '.' }
const store = sqlStore.create(
  { file: join(folder, 'calls.db'), max_connections: 1 },
  { ...context, clock: { nowMs: () => performance.now(), after: () => () => undefined } },
)
const put = (n) => store.put([{ ...example, id: `CA${n}`, facts: { much: 'x'.repeat(5000) } }])
const count = async () => (await store.find({}, { limit: 1000 })).calls.length

let taken = 0
let fault
while (fault === undefined && taken < 1000)
  await put(taken).then(
    () => taken++,
    (error) => (fault = { class: error.class, message: error.message }),
  )
const whileFull = await count()
// An erasure wants room of its own: it is done, or told as not done.
const erasedWhileFull = await store.erase('call', { id: 'CA0' }).then(
  (calls) => calls.length,
  (error) => error.class,
)
const afterErasure = await count()
mount('-o', 'remount,size=4m', folder)
await store.erase('call', { id: 'CA0' })
await put(1000)
const told = { taken, fault, whileFull, erasedWhileFull, afterErasure, withRoom: await count() }
process.stdout.write(JSON.stringify(told))
await store.close()
