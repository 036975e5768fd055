import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCallerScript, loadCallerScript, parseCallerScript } from '../src/caller-script.ts'
import { STEP_SHAPES, stepText } from '../src/caller-step.ts'
import { PhoneError } from '../src/phone-error.ts'
import { prepareScript } from '../src/run-caller.ts'

function problems(text: string): string[] {
  try {
    parseCallerScript(text, 'c.yaml')
  } catch (thrown) {
    if (thrown instanceof PhoneError) return thrown.message.split('\n')
    throw thrown
  }
  return []
}

describe('caller scripts', () => {
  it('reads every step, short and long, with its defaults', () => {
    const { steps, timeoutMs, from, name } = parseCallerScript(`
name: all
from: "+15550100"
timeout_ms: 30000
steps:
  - wait_mark: greeting_end
  - wait_mark: { label: reply_end, timeout_ms: 5000 }
  - say: hello.wav
  - wait_agent_speech
  - wait_agent_speech: { timeout_ms: 1000 }
  - wait_agent_silence: { ms: 800 }
  - wait_agent_silence
  - pause_ms: 200
  - dtmf: "12#"
  - interrupt: { file: hello.wav, after_ms: 250 }
  - go_silent: { ms: 1000 }
  - go_silent
  - jitter: 40
  - late: { ms: 120 }
  - burst: { hold_ms: 300 }
  - wait_hang_up: { timeout_ms: 3000 }
  - hang_up
  - drop_socket:
`)
    expect({ name, from, timeoutMs }).toEqual({ name: 'all', from: '+15550100', timeoutMs: 30000 })
    expect(steps).toEqual([
      { do: 'wait_mark', label: 'greeting_end', timeout_ms: 15000 },
      { do: 'wait_mark', label: 'reply_end', timeout_ms: 5000 },
      { do: 'say', file: 'hello.wav' },
      { do: 'wait_agent_speech', timeout_ms: 15000 },
      { do: 'wait_agent_speech', timeout_ms: 1000 },
      { do: 'wait_agent_silence', ms: 800, timeout_ms: 30000 },
      { do: 'wait_agent_silence', ms: 500, timeout_ms: 30000 },
      { do: 'pause_ms', ms: 200 },
      { do: 'dtmf', digits: '12#', gap_ms: 120 },
      { do: 'interrupt', file: 'hello.wav', after_ms: 250, timeout_ms: 15000 },
      { do: 'go_silent', ms: 1000 },
      { do: 'go_silent' },
      { do: 'jitter', ms: 40 },
      { do: 'late', ms: 120 },
      { do: 'burst', hold_ms: 300 },
      { do: 'wait_hang_up', timeout_ms: 3000 },
      { do: 'hang_up' },
      { do: 'drop_socket' },
    ])
    expect(new Set(steps.map((step) => step.do)).size).toBe(Object.keys(STEP_SHAPES).length)
    expect(stepText(steps[9]!)).toBe('interrupt hello.wav after_ms=250')
  })

  it('reports every problem at once, each with its place', () => {
    expect(
      problems(`nam: x
from: 15550100
timeout_ms: soon
steps:
  - shout: hello.wav
  - say: { file: 7 }
  - say
  - wait_mark: { label: a, timout_ms: 3 }
  - dtmf: "12x"
  - pause_ms: -1
  - hang_up: now
  - { say: a, hang_up: }
  - 7
`),
    ).toEqual([
      'c.yaml:1:6 nam: unknown field; a script has name, from, to, timeout_ms, steps',
      'c.yaml:2:7 from: must be a text in quotes, not 15550100',
      'c.yaml:3:13 timeout_ms: must be a number of milliseconds, not "soon"',
      'c.yaml:5:12 steps[0].shout: unknown step; there are ' + Object.keys(STEP_SHAPES).join(', '),
      'c.yaml:6:18 steps[1].say.file: file must be a text in quotes, not 7',
      'c.yaml:7:5 steps[2].say: file is missing',
      'c.yaml:8:39 steps[3].wait_mark.timout_ms: unknown field; wait_mark takes label, timeout_ms',
      'c.yaml:9:11 steps[4].dtmf: digits may hold 0-9 * # A-D and w (half a second), not "12x"',
      'c.yaml:10:15 steps[5].pause_ms: ms must be a number of milliseconds up to 3600000, not -1',
      'c.yaml:11:14 steps[6].hang_up: takes nothing',
      expect.stringContaining('c.yaml:12:5 steps[7]: a step is one of'),
      expect.stringContaining('c.yaml:13:5 steps[8]: a step is one of'),
    ])
  })

  it.each([
    ['', 'c.yaml:1:1: a script is a map with "steps", not null'],
    ['[]', 'c.yaml:1:1: a script is a map with "steps", not []'],
    ['name: x', 'c.yaml:1:1 steps: missing: a list of steps'],
    ['steps: []', 'c.yaml:1:8 steps: must be a list of steps, not []'],
    ['steps: {', 'c.yaml:1:9 Flow map in block collection must be sufficiently indented and end with a }'],
    ['a: 1\na: 2', 'c.yaml:2:1 Map keys must be unique'],
  ])('explains %j', (text, message) => {
    expect(problems(text)[0]).toBe(message)
  })

  it('throws its own error for anything', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({
        steps: fc.array(
          fc.oneof(
            fc.jsonValue(),
            fc.dictionary(fc.constantFrom(...Object.keys(STEP_SHAPES)), fc.jsonValue(), { maxKeys: 2 }),
          ),
        ),
      }),
    )
    fc.assert(
      fc.property(value, fc.string(), (script, text) => {
        for (const run of [() => createCallerScript(script), () => parseCallerScript(text)]) {
          try {
            run()
          } catch (thrown) {
            if (!(thrown instanceof PhoneError)) throw thrown
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('looks for recordings beside the script, then among its own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kav-phone-'))
    try {
      writeFileSync(join(folder, 's.yaml'), 'steps: [{ say: hello }, { say: mine.wav }]')
      const script = loadCallerScript(join(folder, 's.yaml'))
      expect(() => prepareScript(script)).toThrow(
        /^mine\.wav is not in .*, and no recording "mine\.wav"; there are: auth-thankyou, /,
      )
      writeFileSync(join(folder, 'mine.wav'), 'no wav')
      expect(() => prepareScript(script)).toThrow(/mine\.wav: WAV: the file does not begin with RIFF/)
      expect(() => loadCallerScript(join(folder, 'none.yaml'))).toThrow(/cannot read the script/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
