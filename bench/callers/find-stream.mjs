// Asks the voice webhook, as the carrier does for each call, which stream to open.

import { request } from 'node:http'
import { URLSearchParams } from 'node:url'
import { readTwiml } from '@kav/phone'

const LIMIT_MS = 15_000

/** `{ url, parameters }` of the stream that the TwiML names. */
export async function findStream(webhookUrl, { accountSid, callSid }) {
  const [from, to] = ['+15005550006', '+15005550001']
  const body = new URLSearchParams({
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    CallSid: callSid,
    CallStatus: 'ringing',
    Called: to,
    Caller: from,
    Direction: 'inbound',
    From: from,
    To: to,
  }).toString()
  const { status, text } = await post(webhookUrl, body)
  if (status !== 200) throw new Error(`POST ${webhookUrl} answered ${status}: ${text.slice(0, 200)}`)
  const { url, parameters } = readTwiml(text)
  return { url, parameters }
}

function post(url, body) {
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'Content-Length': String(Buffer.byteLength(body)),
    }
    const options = { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(LIMIT_MS) }
    const asked = request(url, options, (answer) => {
      answer.setEncoding('utf8')
      let text = ''
      answer.on('data', (part) => (text += part))
      answer.on('end', () => resolve({ status: answer.statusCode, text }))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
