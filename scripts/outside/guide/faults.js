import assert from 'node:assert/strict'
import { faultOf, httpFault } from '@kav/core/kit'

const params = { api_key: 'key-4711' }

// BLOCK

const { message } = faultOf({ errorClass: 'auth', said: 'key-4711 is unknown' }, faults)
assert.match(message, /^Acme recognition \(fast-2\)/)
assert.match(message, /check stt\.params\.api_key/)
assert.doesNotMatch(message, /4711/)
const busy = httpFault({ status: 400, reason: 'too busy', headers: {}, wallMs: 0 }, faults)
assert.equal(busy.class, 'quota')
