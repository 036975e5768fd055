import { describe, expect, it } from 'vitest'
import {
  isWithheldNumber,
  tellWithheld,
  withoutWithheld,
} from '../../../src/pipeline/call/withheld-number.ts'
import { createCallRig } from '../call-rig.ts'

describe('a withheld number', () => {
  it.each([
    // As carriers spell the words on a keypad: anonymous, restricted, blocked, unknown, unavailable.
    '+266696687',
    '+7378742833',
    '+2562533',
    '+8656696',
    '+86282452253',
    'anonymous',
    'Anonymous',
    'RESTRICTED',
    'unknown',
    'private',
    'Private number',
    'unavailable',
    'No Caller ID',
    'unknown caller',
    '<unknown>',
    'sip:anonymous@anonymous.invalid',
    '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1c2',
    'sip:unavailable@unknown.invalid',
    'sips:anonymous@carrier.example;user=phone',
    'sip:+266696687@carrier.example',
    'tel:anonymous',
    ' anonymous ',
  ])('is %s', (value) => {
    expect(isWithheldNumber(value)).toBe(true)
  })

  it.each([
    '+15550100',
    '+972501234567',
    // A number of Portugal: the same digits mean something else without a plus.
    '266696687',
    '+351266696687',
    '+2666966871',
    'sip:+15550100@carrier.example',
    'sip:private.dining@restaurant.example',
    'client:dana',
    'whatsapp:+15550100',
    '100',
    '',
  ])('is not %s', (value) => {
    expect(isWithheldNumber(value)).toBe(false)
  })

  it('is looked for where lines are named, and words elsewhere mean what they mean', () => {
    const values = {
      from: 'private',
      forwardedFrom: 'Restricted',
      caller_id: 'unknown',
      from_state: 'unknown',
      plan: 'private',
      lead: '+266696687',
      to: '+15550100',
    }
    expect(withoutWithheld(values)).toEqual({
      from_state: 'unknown',
      plan: 'private',
      to: '+15550100',
    })
    expect(tellWithheld(values)).toEqual({
      ...values,
      from: 'withheld',
      forwardedFrom: 'withheld',
      caller_id: 'withheld',
      lead: 'withheld',
    })
  })
})

describe('a caller who withholds the number', () => {
  async function call(from: string, realtime: boolean) {
    const rig = createCallRig({
      call: { params: { from, name: 'Dana' } },
      llm: { replies: ['Yes.'] },
      ...(realtime ? { realtime: {} } : {}),
      settings: {
        conversation: {
          greeting: 'Hello {{name}}{{from}}.',
          systemPrompt: 'The caller’s number: {{from}}.',
          idle: { afterMs: 0, prompts: ['Still there, {{from}}?'], farewell: '' },
        },
      },
    })
    rig.start()
    await rig.silence(2000)
    return rig
  }

  it.each(['+266696687', 'anonymous', '+7378742833'])('as %s is not read a number', async (from) => {
    const rig = await call(from, false)
    const [greeting] = rig.of('greeting_queued').concat(rig.of('agent_said'))
    expect(greeting!.private['text']).toBe('Hello Dana.')
    await rig.speak(300)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: 'who am I' })
    await rig.silence(1500)
    expect(rig.llm.requests[0]!.request.messages[0]!.content).toBe('The caller’s number: withheld.')
    expect(rig.of('call_started')[0]!.private['from']).toBe('withheld')
    expect(JSON.stringify(rig.events)).not.toContain(from)
    await rig.end()
  })

  it('is withheld from a speech-to-speech model likewise', async () => {
    const rig = await call('+86282452253', true)
    const [session] = rig.realtime!.sessions
    expect(session!.said).toEqual(['Hello Dana.'])
    expect(session!.options.instructions).toBe('The caller’s number: withheld.')
    await rig.end()
  })
})
