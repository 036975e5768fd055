import { describe, expect, it } from 'vitest'
import type { LoadedPipeline, Providers } from '../../src/host.ts'
import { deafRecognisers } from '../../src/config/checks/deaf-recognisers.ts'
import { createFakeClock, createFakeLlm, createFakeStt } from '../../src/testing/index.ts'

const { clock } = createFakeClock()

/** Paths of the stages that hear nothing, in a pipeline with a fallback and a further language. */
function deaf(hints: readonly string[], needsHints: readonly boolean[], ofLlm?: readonly string[]) {
  const places = [['stt'], ['stt', 'fallback', 0], ['languages', 'he-IL', 'stt']]
  const [main, second, hebrew] = places.map((path, at) => ({
    stage: { kind: 'stt', path, package: '@x/ears' },
    running: {
      kind: 'stt',
      name: `stt${at}`,
      ...createFakeStt({ clock, needsHints: needsHints[at] ?? false }),
    },
  }))
  const pipeline = {
    config: { conversation: { hints } },
    stages: { stt: [main!.stage, second!.stage], languages: new Map([['he-IL', { stt: hebrew!.stage }]]) },
  } as unknown as LoadedPipeline
  const llm = { ...createFakeLlm({ clock, replies: [], ...(ofLlm && { hints: ofLlm }) }) }
  const providers = {
    stt: [main!.running, second!.running],
    llm: [{ kind: 'llm', name: 'llm', ...llm }],
    languages: new Map<string, object>([
      ['he-IL', { stt: hebrew!.running }],
      ['fr-FR', {}],
    ]),
  } as unknown as Providers
  return deafRecognisers(pipeline, providers)
}

const pathsOf = (errors: ReturnType<typeof deaf>) => errors.map(({ details }) => details['path'])

describe('a recogniser that hears hints alone', () => {
  it('is refused where there are none, each at its place', () => {
    const found = deaf([], [true, false, true])
    expect(pathsOf(found)).toEqual([['stt'], ['languages', 'he-IL', 'stt']])
    expect(found[0]).toMatchObject({
      code: 'KAV_PLUGIN_CREATE',
      message:
        'stt: plugin "stt0" (@x/ears) hears only phrases it is given, and nothing here gives it any: list what callers say under conversation.hints, take an llm that knows its phrases (a scripted one), or take an stt that hears anything',
    })
    expect(pathsOf(deaf(['  '], [false, true]))).toEqual([['stt', 'fallback', 0]])
  })

  it('is right where there are hints, of the file or of the llm, and where none needs them', () => {
    expect(deaf(['weasel'], [true, true, true])).toEqual([])
    expect(deaf([], [true], ['table'])).toEqual([])
    expect(deaf([], [])).toEqual([])
  })
})
