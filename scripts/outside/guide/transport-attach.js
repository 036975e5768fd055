import assert from 'node:assert/strict'

const places = new Map()
const tokens = new Map()
const seal = (id, from, to) => {
  tokens.set(id, { id, from, to, token: id })
  return id
}
const unseal = (token) => tokens.get(token)
const callOn = (socket, head, { id, from, to }) => ({ id, params: { from, to } })

const transport = {
  // BLOCK
}

const routes = new Map()
const taken = []
transport.attach({
  route: (method, path, handler) => routes.set(`${method} ${path}`, handler),
  upgrade: (path, handler) => routes.set(path, handler),
  ownPath: (path) => `${path}/w1`,
  admit: async ({ id }) => ({ id, release() {} }),
  admitPromised: () => assert.fail('it was promised here'),
  once: async () => true,
  onCall: (call, place) => taken.push([call.id, place.id]),
})
const ring = { id: 'call-1', from: '+15550100', to: '+15550199' }
const answer = await routes.get('POST /line/ring')({ body: Buffer.from(JSON.stringify(ring)) })
const { path, token } = JSON.parse(answer.body)
assert.equal(path, '/line/media/w1')
await routes.get('/line/media')({ headers: { 'line-token': token } }, {}, Buffer.alloc(0))
assert.deepEqual(taken, [['call-1', 'call-1']])
let refused = ''
await routes.get('/line/media')({ headers: {} }, { end: (text) => (refused = text) }, Buffer.alloc(0))
assert.match(refused, /403/)
