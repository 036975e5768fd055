import { describe, expect, it } from 'vitest'
import type { PipelineConfig } from '../../src/host.ts'
import { providerDoubts } from '../../src/config/checks/provider-doubts.ts'
import { createFakeClock, createFakeLlm, createFakeStt, type FakeSttScript } from '../../src/testing/index.ts'

const { clock } = createFakeClock()

function doubts(conversation: object, ...scripts: Partial<FakeSttScript>[]) {
  const config = {
    conversation: { hints: [], turns: { by: 'rules' }, ...conversation },
  } as unknown as PipelineConfig
  const stt = scripts.map((script, at) => ({ name: `stt${at}`, ...createFakeStt({ clock, ...script }) }))
  const llm = [{ name: 'llm', ...createFakeLlm({ clock, replies: [], hints: ['table'] }) }]
  return providerDoubts(config, { stt, llm })
}

describe('what the providers say of the pipeline', () => {
  it('is nothing where they do all of it', () => {
    expect(doubts({}, {}, {})).toEqual([])
    expect(doubts({ turns: { by: 'stt' } }, { detectsTurns: true }, {})).toEqual([])
    expect(doubts({ hints: ['Kav'] }, { hintCaps: { maxPhrases: 2 } })).toEqual([])
  })

  it('is that the recogniser judges no turns', () => {
    expect(doubts({ turns: { by: 'stt' } }, {}, { detectsTurns: true })).toEqual([
      {
        path: ['conversation', 'turns', 'by'],
        message:
          'stt: "stt0" does not judge turns, so the rules decide while it hears; take a model that does, or remove this',
      },
    ])
  })

  it('is how many hints each recogniser leaves out, the llm’s counted in', () => {
    expect(doubts({ hints: ['Kav', 'Dana'] }, {}, { hintCaps: { maxPhrases: 1 } })).toEqual([
      {
        path: ['conversation', 'hints'],
        message: '"stt1" takes 1 of 3 hints; 2 that are too many or too long are left out',
      },
    ])
  })
})
