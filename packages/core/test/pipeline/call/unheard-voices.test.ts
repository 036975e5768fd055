import { describe, expect, it } from 'vitest'
import { createCallRig } from '../call-rig.ts'

const LONG = 'One two three four five six seven eight nine ten eleven twelve thirteen fourteen.'
const STEPS = ['turn_end_ms', 'first_token_ms', 'first_audio_ms', 'first_frame_ms']

function callWith(greeting: string) {
  const rig = createCallRig({
    settings: { conversation: { greeting } },
    llm: { replies: [LONG, 'As you like.', 'Yes.'] },
  })
  return { rig, ...rig.start() }
}

describe('where words came and nobody’s voice was heard', () => {
  it('the latency of that turn is not told, and not measured from the start or from another turn', async () => {
    const { rig } = callWith('')
    const say = async (text: string): Promise<void> => {
      rig.stt.sessions[0]!.emit({ type: 'final', text })
      await rig.silence(9000)
    }
    await rig.silence(4000)
    await say('anybody there')
    await rig.speak(600)
    await say('now a voice')
    await say('and none again')
    const turns = rig.of('turn_latency').map(({ fields }) => fields)
    expect(turns).toMatchObject([{ turn: 1 }, { turn: 2 }, { turn: 3 }])
    const told = turns.map((turn) => STEPS.filter((step) => turn[step] !== undefined).length)
    expect(told).toEqual([0, 4, 0])
    expect(turns[1]!['first_frame_ms']).toBeLessThan(3000)
    const ends = rig.of('turn_ended').map(({ fields }) => 'speech_end_ms' in fields)
    expect(ends).toEqual([false, true, false])
    await rig.end()
  })

  it('a cough long before is not the voice of words that come later', async () => {
    const { rig } = callWith('')
    await rig.silence(1000)
    await rig.speak(300)
    await rig.silence(20_000)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'anybody there' })
    await rig.silence(4000)
    expect(rig.of('turn_latency').map(({ fields }) => fields)).toEqual([{ turn: 1 }])
    await rig.end()
  })

  it('words that add to a turn begin its wait anew', async () => {
    const { rig } = callWith('')
    const hear = (text: string): void => rig.stt.sessions[0]!.emit({ type: 'partial', text })
    const ended = (): number => rig.of('turn_ended').length
    await rig.silence(1000)
    await rig.speak(600)
    hear('I want to book and')
    await rig.silence(1200)
    hear('I want to book and cancel and')
    await rig.silence(1100)
    expect(ended()).toBe(0)
    await rig.silence(200)
    expect(ended()).toBe(1)
    await rig.end()
  })

  it('an operator or words alone cut the agent short: no time since a voice is told', async () => {
    const { rig, control } = callWith('A long greeting that goes on and on and on.')
    await rig.silence(900)
    await control.act({ type: 'say', text: 'Stop there.', at: 'once' }, 'Dana')
    await rig.silence(3000)
    expect(rig.of('interrupted').map(({ fields }) => fields)).toEqual([{ turn: 0, by: 'operator' }])
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'count' })
    await rig.silence(1800)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'stop it please' })
    await rig.silence(500)
    expect(rig.of('interrupted').map(({ fields }) => fields)).toEqual([
      { turn: 0, by: 'operator' },
      { turn: 1, by: 'caller' },
    ])
    await rig.end()
  })
})
