import { describe, expect, it } from 'vitest'
import { declaredToolName } from '../../src/kit/index.ts'
import { createModelText, type TextPiece } from '../../src/language/model-text/index.ts'

const TOOLS = ['book', 'find', 'hang_up']
const meant = (name: string) => declaredToolName(name, (each) => TOOLS.includes(each))

function read(chunks: readonly string[]) {
  const text = createModelText({ isDeclared: (name) => meant(name) !== undefined, hold: false })
  const pieces: TextPiece[] = [...chunks.flatMap((chunk) => text.push(chunk)), ...text.end()]
  return {
    words: pieces.map((piece) => (piece.type === 'words' ? piece.text : '')).join(''),
    calls: pieces.flatMap((piece) =>
      piece.type === 'call' ? [[meant(piece.name), JSON.parse(piece.arguments) as unknown] as const] : [],
    ),
  }
}

/** Letter by letter, and whole. */
function bothWays(text: string) {
  const whole = read([text])
  expect(read([...text])).toEqual(whole)
  return whole
}

const NINE = 'We open at nine.'
const CALL = '{"name":"book","arguments":{"size":4}}'
const VALUE = ['<parameter=size>', '4'] as const

describe('families of models', () => {
  it.each([
    '<|channel>thought\nThey ask.<channel|>We open at nine.',
    '<|channel>thought\n<channel|>We open at nine.',
    '<thinking_process>They ask.</thinking_process>We open at nine.',
    '<inner_thoughts>They ask.</inner_thoughts>We open at nine.',
    '<internal_monologue>They ask.</internal_monologue>We open at nine.',
    '<chain-of-thought>They ask.</chain-of-thought>We open at nine.',
    '<rationale>They ask.</rationale>We open at nine.',
    '<thinkstep>They ask.</thinkstep>We open at nine.',
    '<r1_think>They ask.</r1_think>We open at nine.',
    '<think_never_used_51bce0c785ca2f68>They ask.</think_never_used_51bce0c785ca2f68>We open at nine.',
    '[think]They ask.[/think]We open at nine.',
    '[REASONING]They ask.[/REASONING]We open at nine.',
    'analysisThe caller asks about hours.assistantfinalWe open at nine.',
    'assistantfinalWe open at nine.',
    'finalWe open at nine.',
  ])('%j: its thought is not said', (text) => {
    expect(bothWays(text)).toEqual({ words: NINE, calls: [] })
  })

  it.each([
    ...['<0x0A>', '[EOT]', '[END]', '[/ASSISTANT]', '<turn|>', '<|turn>model\n'].map((token) => NINE + token),
    '<|turn>model\nWe open at nine.<turn|>',
    '<|header_start|>assistant<|header_end|>\n\nWe open at nine.<|eot|>',
    '<|start_of_role|>assistant<|end_of_role|>We open at nine.',
    ...[
      'Assistant: ',
      'ASSISTANT: ',
      'AI: ',
      'assistant\n\n',
      'model\n',
      '### Response:\n',
      '### Assistant: ',
    ].map((role) => role + NINE),
    'We open at nine.\n\nHuman: And on Sunday?\n\nAssistant: At ten.',
    'We open at nine.\nUser: And on Sunday?',
    'We open at nine.\n### Human: And on Sunday?',
    'We open at nine.\n### Instruction:\nSay more.',
    'We open at nine.<|USER_TOKEN|>And on Sunday?',
    'We open at nine.<|start_of_role|>user<|end_of_role|>And on Sunday?',
    'We open at nine.<turn|>\n<|turn>user\nAnd on Sunday?<turn|>',
  ])('%j: its roles and tokens are no words, nor are turns of others', (text) => {
    const { words, calls } = bothWays(text)
    expect([words.trim(), calls]).toEqual([NINE, []])
  })

  it.each([
    '<|tool_call>call:book{size:4}<tool_call|>',
    '<start_function_call>call:book{size:4}<end_function_call>',
    '[TOOL_CALLS]book[CALL_ID]abc123def[ARGS]{"size":4}',
    `[TOOL_REQUEST]${CALL}[END_TOOL_REQUEST]`,
    `[TOOL_CALL]${CALL}[/TOOL_CALL]`,
    `[tool_call]${CALL}[/tool_call]`,
    `[FUNCTION_CALL] ${CALL}`,
    "<tool_call>{'name': 'book', 'arguments': {'size': 4}}</tool_call>",
    `<functioncall> {"name": "book", "arguments": '{"size": 4}'} <|endoftext|>`,
    '<tool_call>{"name":"book","arguments":{"size":4,}}</tool_call>',
    '<tool_call>{"name":"book","arguments":{"size":4}\n</tool_call>',
    '<|tools_prefix|>[{"book": {"size": 4}}]<|tools_suffix|>',
    '✿FUNCTION✿: book\n✿ARGS✿: {"size":4}\n✿RETURN✿',
    '<tool_use><name>book</name><arguments>{"size":4}</arguments></tool_use>',
    '<tool name="book">{"size":4}</tool>',
    '<execute_tool>book(size=4)</execute_tool>',
    '{"tool": "book", "tool_input": {"size": 4}}',
    '{"function_name": "book", "arguments": {"size": 4}}',
    `{"tool_call": ${CALL}}`,
    '{"action": "book", "parameters": {"size": 4}}',
    '{"tool_uses": [{"recipient_name": "functions.book", "parameters": {"size": 4}}]}',
    '{"functionCall": {"name": "book", "args": {"size": 4}}}',
    '{"toolUse": {"toolUseId": "a", "name": "book", "input": {"size": 4}}}',
  ])('Let me see. %s is the call that it is', (call) => {
    const { words, calls } = bothWays(`Let me see. ${call}`)
    expect([words.trim(), calls]).toEqual(['Let me see.', [['book', { size: 4 }]]])
  })

  it('a call that is written as tags may leave the last one open', () => {
    for (const end of ['</function></tool_call>', '</tool_call>'])
      expect(bothWays(`<tool_call><function=book>${VALUE.join('')}${end}`).calls).toEqual([
        ['book', { size: '4' }],
      ])
  })

  it.each(['{}', '{"book":4}', '{"book":null}', '{"book":{"size":4},"more":1}', 'call:book{size:'])(
    '<tool_call>%s is none, and not said',
    (call) => {
      expect(bothWays(`One moment. <tool_call>${call}`)).toEqual({ words: 'One moment. ', calls: [] })
    },
  )

  it.each([
    `<tool_call>${CALL}</tool_call>`,
    `<tool_call><tool_call>${CALL}</tool_call>`,
    `[TOOL_REQUEST]${CALL}[END_TOOL_REQUEST]`,
    `<tool_call>${CALL}<|im_end|>`,
    'commentary to=functions.book json{"size":4}<|call|><|start|>assistant<|channel|>final<|message|>',
  ])('words behind %s are said', (call) => {
    const text = createModelText({ isDeclared: (name) => meant(name) !== undefined, hold: false })
    const [first, ...words] = [...`${call}One moment.`].flatMap((char) => text.push(char))
    expect(first).toMatchObject({ type: 'call' })
    expect(words.map((piece) => (piece.type === 'words' ? piece.text : '')).join('')).toBe('One moment.')
  })

  it('a mark in an argument does not end its call', () => {
    const call = '<tool_call>{"name":"find","arguments":{"name":"a </think> b"}}</tool_call>'
    expect(bothWays(call).calls).toEqual([['find', { name: 'a </think> b' }]])
  })

  it("words come as soon as a server's role or thought is over", () => {
    for (const before of ['Assistant: ', 'final', 'analysisThey ask.assistantfinal']) {
      const text = createModelText({ isDeclared: () => true, hold: false })
      expect(text.push(`${before}We open`)).toEqual([{ type: 'words', text: 'We open' }])
    }
  })

  it('texts of Gemma have quotes of their own', () => {
    const texts = [
      '<|tool_call>call:find{name:<|"|>Dana, "D": x<|"|>}<tool_call|>',
      '<start_function_call>call:find{name:<escape>Dana, "D": x<escape>}<end_function_call>',
    ]
    for (const text of texts) expect(bothWays(text).calls).toEqual([['find', { name: 'Dana, "D": x' }]])
    const call = '<|tool_call>call:find{name:<|"|>call: Dana<|"|>}<tool_call|>'
    expect(bothWays(call).calls).toEqual([['find', { name: 'call: Dana' }]])
  })

  it('a call of a tool without arguments may be its name', () => {
    for (const call of [
      '<tool_call>hang_up</tool_call>',
      '<tool_call>{"name":"hang_up"}</tool_call>',
      '<tool_call>{"name":"hang_up","arguments":null}</tool_call>',
    ])
      expect(bothWays(`Goodbye. ${call}`)).toEqual({ words: 'Goodbye. ', calls: [['hang_up', {}]] })
  })

  it('marks that a server took out of channels are put back', () => {
    const call = 'commentary to=functions.book json{"size":4}'
    expect(bothWays(`analysisNeed to book.assistant${call}`)).toEqual({
      words: '',
      calls: [['book', { size: 4 }]],
    })
    expect(bothWays(call)).toEqual({ words: '', calls: [['book', { size: 4 }]] })
  })

  it.each([
    'Thought: a nice one.',
    'The final answer is nine.',
    'final',
    'analysis',
    'Analysis of the bill takes a day.',
    'Assistant managers open at nine.',
    'Response time is a day.',
    'Our user: Dana.',
    'One.\n\nTwo.\nUsers may call.',
    'Commentary begins at nine.',
    'I think <3.',
    'A [TOOL] is here',
    'a <|b_c> d',
    'commentary to=functions.book',
  ])('%j is words', (text) => {
    expect(bothWays(text)).toEqual({ words: text, calls: [] })
  })
})
