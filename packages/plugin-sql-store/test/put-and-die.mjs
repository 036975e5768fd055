// Puts batches into a store, one after the other, and says when it begins: a test kills it meanwhile.
import { sqlStore } from '../dist/index.js'

const context = { log: {}, metrics: {}, clock: {}, baseDir: '.' }

process.once('message', async ({ params, batches }) => {
  const store = sqlStore.create({ file: '', max_connections: 2, ...params }, context)
  await store.warm()
  process.send('begins')
  for (const batch of batches) await store.put(batch)
  process.send('done')
})
