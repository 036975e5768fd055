import fc from 'fast-check'
import twilio from 'twilio'
import { expect, it } from 'vitest'
import { anyText } from '../testing/json-arbitraries.ts'
import { dialTwiml, fitParameter, parseDialTarget, refusalTwiml, streamTwiml } from '../src/webhook/twiml.ts'

it('a stream order is what Twilio’s own library writes', () => {
  const response = new twilio.twiml.VoiceResponse()
  const stream = response.connect().stream({
    url: 'wss://voice.example.com/twilio/media',
    statusCallback: 'https://voice.example.com/twilio/status?a=1&b=2',
    statusCallbackMethod: 'POST',
  })
  stream.parameter({ name: 'token', value: '<a> & "b"' })
  stream.parameter({ name: 'name', value: 'ישראל' })
  const ours = streamTwiml({
    url: 'wss://voice.example.com/twilio/media',
    statusCallback: 'https://voice.example.com/twilio/status?a=1&b=2',
    parameters: [
      { name: 'token', value: '<a> & "b"' },
      { name: 'name', value: 'ישראל' },
    ],
  })
  expect(ours.replaceAll('&gt;', '>')).toBe(response.toString().replaceAll('&gt;', '>'))
})

it('any text is one well-formed attribute, and one sentence', () => {
  const unescaped =
    /[<>"'\ufffe\uffff\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Surrogate}|&(?!(amp|lt|gt|quot|apos|#9|#10|#13);)/u
  fc.assert(
    fc.property(anyText(), (text) => {
      const parameter = streamTwiml({ url: 'wss://a', parameters: [{ name: 'n', value: text }] })
      const value = /<Parameter name="n" value="(.*)"\/><\/Stream>/.exec(parameter)?.[1]
      expect(value).toBeDefined()
      expect(value).not.toMatch(unescaped)
      const sentence = /<Say language="en">(.*)<\/Say>/s.exec(refusalTwiml(text, 'en'))?.[1]
      expect(sentence).toBeDefined()
      expect(sentence).not.toMatch(unescaped)
    }),
  )
})

it('a parameter fits, and is never cut inside a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 400, maxLength: 600 }), (value) => {
      const fitted = fitParameter('name', value)
      expect('name'.length + fitted.length).toBeLessThan(500)
      expect(value.startsWith(fitted)).toBe(true)
      expect(fitted).not.toMatch(/\p{Surrogate}/u)
      expect(value.length > 495 || fitted === value).toBe(true)
    }),
  )
})

it('a dial order is what Twilio’s own library writes', () => {
  const number = new twilio.twiml.VoiceResponse()
  number.dial('+15551234567')
  const sip = new twilio.twiml.VoiceResponse()
  sip.dial().sip('sip:a&b@example.com')
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>'
  expect(declaration + dialTwiml(parseDialTarget('+15551234567')!)).toBe(number.toString())
  expect(declaration + dialTwiml(parseDialTarget('sip:a&b@example.com')!)).toBe(sip.toString())
})
