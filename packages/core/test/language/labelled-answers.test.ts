import { describe, expect, it } from 'vitest'
import { createModelText, type TextPiece } from '../../src/language/model-text/index.ts'
import { prepareForSpeech } from '../../src/language/prepare-for-speech.ts'

const TOOLS = ['book', 'hang_up']

function read(chunks: readonly string[], names: readonly string[] = TOOLS) {
  const text = createModelText({ isDeclared: (name) => names.includes(name), names, hold: false })
  const pieces: TextPiece[] = [...chunks.flatMap((chunk) => text.push(chunk)), ...text.end()]
  return {
    words: pieces.map((piece) => (piece.type === 'words' ? piece.text : '')).join(''),
    calls: pieces.flatMap((piece) =>
      piece.type === 'call' ? [[piece.name, JSON.parse(piece.arguments) as unknown] as const] : [],
    ),
  }
}

/** Letter by letter, in threes, and whole. */
function everyWay(text: string, names = TOOLS) {
  const whole = read([text], names)
  for (const size of [1, 3, 7])
    expect(read(text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [], names)).toEqual(whole)
  return whole
}

const said = (text: string, names = TOOLS) => prepareForSpeech(everyWay(text, names).words)
const NINE = 'We open at nine.'
const BOOK = ['book', { size: 4 }]
const THOUGHT = 'Thought: The caller wants a table, so I should book it.\n'

describe('ReAct', () => {
  it.each([
    `Thought: I know it.\nFinal Answer: ${NINE}`,
    `**Thought:** I know it.\n**Final Answer:** ${NINE}`,
    `Thought: Do I need to use a tool? No\nAI: ${NINE}`,
    `Thought: I know it.\n\nAction: None\nFinal Answer: ${NINE}`,
    `Thought 1: I know it.\nFinal Answer: ${NINE}`,
    `Final Answer: ${NINE}`,
  ])('%j: its answer is said, whether there are tools or none', (text) => {
    for (const names of [TOOLS, []])
      expect([said(text, names), everyWay(text, names).calls]).toEqual([NINE, []])
  })

  it.each([
    'Action: book\nAction Input: {"size": 4}',
    `${THOUGHT}Action: book\nAction Input: {"size": 4}`,
    `${THOUGHT}Action: book\nAction Input:\n\`\`\`json\n{"size": 4}\n\`\`\``,
    `**Thought:** They ask.\n**Action:** book\n**Action Input:** {"size": 4}`,
    `${THOUGHT}Action: book\nAction Input: {"size": 4}\nObservation: table 7\nThought: Done.\nFinal Answer: Table seven.`,
  ])('%j: its call is made; what it makes up behind it is not said', (text) => {
    expect(everyWay(text)).toEqual({ words: '', calls: [BOOK] })
  })

  it.each([
    'Thought: I should look.\nAction: weather\nAction Input: {"city": "Haifa"}',
    'Action: weather\nAction Input: Haifa\nObservation: 31 degrees\nFinal Answer: It is hot.',
    'Thought: I should look.\nAction: search[opening hours]',
  ])('%j, which calls a tool that there is none of, is not said', (text) => {
    for (const names of [TOOLS, []]) expect(everyWay(text, names)).toEqual({ words: '', calls: [] })
  })

  it('a tool without arguments needs no input', () => {
    expect(everyWay('Thought: They are done.\nAction: hang_up').calls).toEqual([['hang_up', {}]])
  })

  it.each([
    'Thought: a nice one.',
    'Thought for food.',
    'Thoughts: none.',
    'Action: nothing is needed.',
    'Action is needed.\nNow.',
    'Action: call us.\nThen wait.',
    'A thought.\nAction films open at nine.',
    'Here is my answer.',
    'Here is my thought: we open at nine.',
    'Here',
  ])('%j is words', (text) => {
    expect(everyWay(text)).toEqual({ words: text, calls: [] })
  })
})

describe('Granite', () => {
  it.each(['Here is', "Here's", 'Here’s'])('%s my thought process: it is not said', (here) => {
    const answer = `${here} my thought process:\nThey ask: Here is why.\n\n${here} my response:\n${NINE}`
    expect([said(answer), everyWay(answer).calls]).toEqual([NINE, []])
    expect(said(`${here} my thought process: They ask when we`)).toBe('')
  })

  it('says its answer as it comes', () => {
    const text = createModelText({ isDeclared: () => false, hold: false })
    text.push(`Here is my thought process: They ask. Here is my response: `)
    expect(text.push('We open at nine')).toEqual([{ type: 'words', text: 'We open at nine' }])
  })
})

describe('Phi', () => {
  it('calls a list of tools by no mark but a word', () => {
    const call = 'functools[{"name": "book", "arguments": {"size": 4}}]'
    for (const lead of ['', 'One moment. ', 'One moment.\n'])
      expect([said(lead + call), everyWay(lead + call).calls]).toEqual([lead.trim(), [BOOK]])
    expect(said(call, [])).toBe('')
    expect(said(call.slice(0, 30))).toBe('')
    expect(everyWay('functools[{"name": "book"}, {"name": "hang_up"}]').calls).toEqual([
      ['book', {}],
      ['hang_up', {}],
    ])
  })

  it.each(['Python has functools', 'functools is a module', 'functools[1]', 'fun', 'A func'])(
    '%j is words',
    (text) => expect(everyWay(text)).toEqual({ words: text, calls: [] }),
  )
})

describe('marks of vocabularies', () => {
  it.each([
    ['▁We▁open▁at▁nine.', NINE],
    ['We▁open at▁nine.</s>', NINE],
    ['WeĠopenĠatĠnine.', NINE],
    ['ĠWeĠopenĠatĠnine.Ċ', NINE],
    ['We open at 9.ĊĊĠ 10 on Sundays.', 'We open at 9. 10 on Sundays.'],
    ['WeĠopenĠatĠ9ĠorĠ10.', 'We open at 9 or 10.'],
    ['We open at nine.<｜end▁of▁sentence｜>', NINE],
    ['OKĠthen,ĠI seeĊĠbye', 'OK then, I see bye'],
  ])('%j: they are spaces', (text, expected) => expect(said(text)).toBe(expected))

  it('a call among them is made', () => {
    expect(everyWay('▁<tool_call>{"name":Ġ"book",▁"arguments":Ġ{"size":Ġ4}}</tool_call>').calls).toEqual([
      BOOK,
    ])
  })

  it.each(['Niltaqgħu nhar il-Ġimgħa.', 'Ġgantija hija Għawdex.', 'IL-ĠIMGĦA U Ċ', 'Ċentru ta’ Ġużeppi'])(
    '%j, which is Maltese, stays',
    (text) => expect(everyWay(text).words).toBe(text),
  )
})

describe('an answer that is an object', () => {
  const HELLO = 'Hello. How are "you"? 😀 é'
  it.each([
    { response: HELLO },
    { answer: HELLO, end_call: false, tags: ['a'] },
    { Text: HELLO },
    { thought: 'The user greets: {"x"}.', response: HELLO },
    { type: 'message', content: HELLO },
    { role: 'assistant', content: HELLO },
    { action: 'Final Answer', action_input: HELLO },
  ])('%j: its words are said', (value) => {
    const [plain, pretty] = [JSON.stringify(value), JSON.stringify(value, null, 2)]
    const escaped = plain.replace('😀', '\\ud83d\\ude00').replace('é', '\\u00e9')
    for (const text of [plain, pretty, escaped, `\`\`\`json\n${pretty}\n\`\`\``, `\n${plain}\n`])
      expect(everyWay(text), text).toEqual({ words: HELLO, calls: [] })
  })

  it('says them as they come, line feeds as such, and what follows the object', () => {
    const text = createModelText({ isDeclared: () => false, hold: false })
    expect(text.push('{"response": "We open')).toEqual([{ type: 'words', text: 'We open' }])
    expect(everyWay('{"response": "One.\\nTwo."}\nThree.').words).toBe('One.\nTwo.\nThree.')
    expect(everyWay('{"response": "We open at').words).toBe('We open at')
    expect(everyWay('{"response": "A \\q \\u12 b"}').words).toMatch(/^A \\?q/)
  })

  it('makes the calls beside them', () => {
    const call = { name: 'book', arguments: { size: 4 } }
    for (const value of [
      { response: NINE, tool_calls: [call] },
      { text: NINE, ...call },
    ])
      expect(everyWay(JSON.stringify(value))).toEqual({ words: NINE, calls: [BOOK] })
    expect(everyWay('{"action": "book", "action_input": {"size": 4}}')).toEqual({ words: '', calls: [BOOK] })
  })

  it.each([
    '{"name": "Dana", "age": 4}',
    '{x} and [1]',
    '{"response": 4}',
    '{"status": "ok"}',
    'Say {"text": "a"}',
    '{"text',
  ])('%j is words', (text) => expect(everyWay(text).words).toBe(text))
})
