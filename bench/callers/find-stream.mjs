// Asks the voice webhook, as the carrier does for each call, which stream to open.

import { request } from 'node:http'
import { URLSearchParams } from 'node:url'
import { readTwiml, twilioSignature } from '@kav/phone'

const LIMIT_MS = 15_000

/**
 * `{ url, parameters, via?, headers }` of the stream that the TwiML names. With `publicUrl` and `authToken` the request
 * and the stream are signed as for that address, and still come to `webhookUrl`'s (`via`).
 */
export async function findStream({ webhookUrl, publicUrl, authToken }, { accountSid, callSid }) {
  const [from, to] = ['+15005550006', '+15005550001']
  const fields = {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    CallSid: callSid,
    CallStatus: 'ringing',
    Called: to,
    Caller: from,
    Direction: 'inbound',
    From: from,
    To: to,
  }
  const signed = authToken !== undefined
  const sign = (address, parameters) =>
    signed && { 'X-Twilio-Signature': twilioSignature(authToken, address, parameters) }
  const publicHost = signed && { Host: new URL(publicUrl).host }
  const address = signed && `${publicUrl}${new URL(webhookUrl).pathname}`
  const { status, text } = await post(webhookUrl, fields, { ...publicHost, ...sign(address, fields) })
  if (status !== 200)
    throw new Error(`the webhook answered ${status}: ${text.trim().split('\n')[0].slice(0, 100)}`)
  const { url, parameters } = readTwiml(text)
  return { url, parameters, headers: { ...sign(url, {}) }, ...(signed && { via: webhookUrl }) }
}

function post(url, fields, more) {
  return new Promise((resolve, reject) => {
    const body = new URLSearchParams(fields).toString()
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'Content-Length': String(Buffer.byteLength(body)),
      ...more,
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
