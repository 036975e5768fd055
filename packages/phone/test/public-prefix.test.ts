import { expect, it } from 'vitest'
import { dialUrlFor, publicStreamUrl, publicWebhookUrl } from '../src/stream-socket.ts'

const STRIPPED = 'http://127.0.0.1:8080/twilio/voice'
const WITH_PREFIX = 'http://127.0.0.1:9090/kav/twilio/voice?a=1'

it.each([
  [STRIPPED, 'https://p.example/kav', 'https://p.example/kav/twilio/voice'],
  [STRIPPED, 'https://p.example/kav/', 'https://p.example/kav/twilio/voice'],
  [STRIPPED, 'https://p.example', 'https://p.example/twilio/voice'],
  // Asked for through the proxy itself.
  [WITH_PREFIX, 'https://p.example/kav', 'https://p.example/kav/twilio/voice?a=1'],
  // A path that only begins with the same letters has no prefix.
  ['http://127.0.0.1/kavalier', 'https://p.example/kav', 'https://p.example/kav/kavalier'],
])('a webhook asked for at %s is signed for %s as %s', (webhook, publicUrl, signed) => {
  expect(publicWebhookUrl(webhook, publicUrl)).toBe(signed)
})

it.each([
  ['wss://p.example/kav/media?x=1', STRIPPED, 'https://p.example/kav', 'ws://127.0.0.1:8080/media?x=1'],
  ['https://p.example/kav/status', STRIPPED, 'https://p.example/kav/', 'http://127.0.0.1:8080/status'],
  ['wss://p.example/kav/media', WITH_PREFIX, 'https://p.example/kav', 'ws://127.0.0.1:9090/kav/media'],
  ['wss://p.example/kavalier', STRIPPED, 'https://p.example/kav', 'ws://127.0.0.1:8080/kavalier'],
  ['wss://p.example/media', STRIPPED, 'https://p.example', 'ws://127.0.0.1:8080/media'],
  ['wss://other.example/kav/media', STRIPPED, 'https://p.example/kav', 'wss://other.example/kav/media'],
])('the server’s %s is dialled beside %s of %s at %s', (given, webhook, publicUrl, dialled) => {
  expect(dialUrlFor(given, webhook, publicUrl)).toBe(dialled)
})

it('a stream that is called without a webhook is signed for its public address', () => {
  const [local, face] = ['ws://127.0.0.1:8080/twilio/media', 'https://p.example/kav']
  expect(publicStreamUrl(local, face)).toBe('wss://p.example/kav/twilio/media')
})
