import { describe, expect, it } from 'vitest'
import { askModel } from '../../../src/pipeline/replying/model-answer.ts'
import { createReplyBudget } from '../../../src/pipeline/replying/reply-budget.ts'
import { createFakeClock, createFakeLlm } from '../../../src/testing/index.ts'

/** The clauses of an answer to a request in this language. */
async function clausesOf(text: string, language: string): Promise<readonly string[]> {
  const clauses: string[] = []
  const { clock } = createFakeClock()
  await askModel({
    turn: 1,
    llm: createFakeLlm({ clock, replies: [text] }).provider,
    request: { callId: 'call', messages: [{ role: 'user', content: 'hello' }], tools: [], language },
    clock,
    firstTokenTimeoutMs: 1000,
    signal: new AbortController().signal,
    telemetry: { amountCut: () => undefined },
    budget: createReplyBudget(1000),
    room: () => undefined,
    onToken: () => undefined,
    onClause: (clause) => clauses.push(clause),
  })
  return clauses
}

describe('the clauses of an answer', () => {
  it('end where they do in the language of its request', async () => {
    const text = 'Voici où il est. Paul le sait.'
    expect(await clausesOf(text, 'fr-FR')).toEqual(['Voici où il est.', 'Paul le sait.'])
    expect(await clausesOf(text, 'en-US')).toEqual([text])
  })
})
