import { describe, expect, it } from 'vitest'
import plugin from '../src/index.ts'
import { streamParameters, withValues } from '../src/webhook/call-values.ts'
import { joinedValues } from '../src/webhook/long-values.ts'
import { settingsOf } from '../src/params/params.ts'
import { openTwilioLine } from '../testing/twilio-line.ts'
import { startMessage } from '../testing/twilio-stream.ts'

const told = (fields: Record<string, string>, query = '', stream_parameters: Record<string, string> = {}) => {
  const form = new Map(Object.entries(fields).map(([name, value]) => [name, [value]]))
  const asked = streamParameters(
    { fields: form, url: `/twilio/voice${query}` },
    settingsOf({ stream_parameters }),
  )
  return { ...asked, values: Object.fromEntries(asked.parameters.map(({ name, value }) => [name, value])) }
}

describe('the values of a call', () => {
  it('are what the webhook says, under names that validate knows', () => {
    const { values } = told({
      From: '+1',
      AnsweredBy: 'machine_end_beep',
      SpeechResult: 'a table for two',
      Confidence: '0.93',
      Digits: '42',
      FinishedOnKey: '#',
      CallStatus: 'in-progress',
      StirVerstat: 'TN-Validation-Passed-A',
      DialCallStatus: 'no-answer',
      FromZip: '10115',
      AccountSid: 'AC1',
      ApiVersion: '2010-04-01',
    })
    expect(values).toEqual({
      from: '+1',
      answered_by: 'machine_end_beep',
      speech_result: 'a table for two',
      confidence: '0.93',
      digits: '42',
      finished_on_key: '#',
      call_status: 'in-progress',
      stir_verstat: 'TN-Validation-Passed-A',
      dial_call_status: 'no-answer',
      from_zip: '10115',
    })
    const known = plugin.callValues!({ stream_parameters: { campaign: '' } })
    expect(known).toEqual(expect.arrayContaining([...Object.keys(values), 'campaign']))
  })

  it('are the headers of a SIP call, too', () => {
    const { values } = told({ 'SipHeader_X-Lead-Id': '7', SipHeader_Subject: 'hello', SipHeader_: 'x' })
    expect(values).toEqual({ sip_header_x_lead_id: '7', sip_header_subject: 'hello' })
  })

  it('cannot be passed off as what the carrier says, nor as the token', () => {
    const { values } = told({ From: '+1' }, '?from=%2B2&token=x&to=%2B3&answered_by=human', { to: '+4' })
    expect(values).toEqual({ from: '+1', answered_by: 'human' })
  })

  it('have a bound together, within which what the carrier says comes first, and what is left out is counted', () => {
    const query = Array.from({ length: 40 }, (_, at) => `q${at}=${'%D7%A9'.repeat(490)}`).join('&')
    const { values, leftOut, parameters } = told({ From: '+1', SpeechResult: 'ש'.repeat(600) }, `?${query}`)
    const bytes = parameters.reduce((sum, { name, value }) => sum + Buffer.byteLength(name + value), 0)
    expect(bytes).toBeLessThanOrEqual(8192)
    expect(values['from']).toBe('+1')
    expect(values['speech_result']).toHaveLength(499 - 'speech_result'.length)
    expect(leftOut).toBe(40 + 2 - parameters.length)
    expect(told({ SpeechResult: 'x'.repeat(600) }).shortened).toBe(1)
  })

  it('of the host all have room, whatever the carrier says', () => {
    const query = Array.from({ length: 40 }, (_, at) => `q${at}=${'x'.repeat(490)}`).join('&')
    const carriers = told({ From: '+1', SpeechResult: 'x'.repeat(600) }, `?${query}`).parameters
    // As much as a hook may say, in the way that takes most room: long names, and 2000 characters in pieces.
    const values = Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [name.repeat(64), 'ש'.repeat((6144 / 3 - 64) / 2)]),
    )
    const all = withValues(carriers, values)
    const start = Object.fromEntries(all.parameters.map(({ name, value }) => [name, value]))
    expect(joinedValues(start)).toMatchObject({ ...values, from: '+1' })
    expect(start).toHaveProperty('speech_result')
    const bytes = all.parameters.reduce((sum, { name, value }) => sum + Buffer.byteLength(name + value), 0)
    expect(bytes).toBeLessThanOrEqual(8192)
    const kept = Object.keys(start).filter((name) => !/^(kav\.|aa|bb|cc)/.test(name))
    expect(all.leftOut).toBe(carriers.length - kept.length)
  })

  it('all come back in a start that is taken', async () => {
    const line = await openTwilioLine()
    try {
      const SpeechResult = '"ש'.repeat(300)
      const headers = Array.from({ length: 30 }, (_, at) => [`SipHeader_X-${at}`, 'ש'.repeat(480)])
      const { body } = await line.webhook({ SpeechResult, ...Object.fromEntries(headers) })
      const given = [...body.matchAll(/<Parameter name="([^"]*)" value="([^"]*)"/g)]
      const stream = await line.stream()
      const parameters = given.map(([, name, value]) => [name!, value!.replaceAll('&quot;', '"')] as const)
      stream.send(startMessage(Object.fromEntries(parameters)))
      await expect.poll(() => Object.keys(line.calls[0]?.call.params ?? {})).toHaveLength(given.length - 1)
      const cut = (how: string) => line.context.metrics.value('twilio_parameters_cut_total', { how })
      expect(cut('shortened')).toBe(1)
      expect(cut('left-out')).toBe(30 + 4 - (given.length - 1))
    } finally {
      await line.close()
    }
  })
})
