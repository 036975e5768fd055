import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createModelText, type TextPiece } from '../../src/language/model-text/index.ts'
import { MAX_MARK_CHARS } from '../../src/language/model-text/judge-mark.ts'
import { declaredToolName } from '../../src/kit/index.ts'

const isDeclared = (name: string) => declaredToolName(name, (each) => each === 'book') !== undefined

function read(chunks: readonly string[], hold = false) {
  const text = createModelText({ isDeclared, hold })
  const pieces: TextPiece[] = [...chunks.flatMap((chunk) => text.push(chunk)), ...text.end()]
  return {
    words: pieces.map((piece) => (piece.type === 'words' ? piece.text : '')).join(''),
    calls: pieces.flatMap((piece) =>
      piece.type === 'call' ? [{ name: piece.name, arguments: JSON.parse(piece.arguments) as unknown }] : [],
    ),
    unread: pieces.filter(({ type }) => type === 'unread').length,
    withheld: text.withheld,
  }
}

/** Letter by letter, and whole. */
function bothWays(text: string) {
  const whole = read([text])
  expect(read([...text])).toEqual(whole)
  return whole
}

const THOUGHTS = [
  ['<think>', '</think>'],
  ['<THINKING>', '</Thinking>'],
  ['< think >', '</ think>'],
  ['<reasoning effort="high">', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['<thought>', '</thought>'],
  ['<scratchpad>', '</scratchpad>'],
  ['[THINK]', '[/THINK]'],
  ['<mm:think>', '</mm:think>'],
  ['<longcat_think>', '</longcat_think>'],
  ['<unused94>thought\n', '<unused95>'],
  ['<|inner_prefix|>', '<|inner_suffix|>'],
  ['◁think▷', '◁/think▷'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['<|START_THINKING|>', '<|END_THINKING|>'],
  ['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
] as const

const TOKENS = [
  ...[
    '<|im_end|>',
    '</s>',
    '<s>',
    '<end_of_turn>',
    '[/INST]',
    '<|eot_id|>',
    '<｜end▁of▁sentence｜>',
    '<eos>',
  ],
  ...['<|endoftext|>', '<start_of_turn>model\n', '<|im_start|>assistant\n', '<</SYS>>', '<|assistant|>'],
  ...['<think/>', '<output>', '</output>'],
]

const CALLS = [
  '<longcat_tool_call>{"name":"book","arguments":{"size":4}}</longcat_tool_call>',
  '<tools>{"name":"book","arguments":{"size":4}}</tools>',
  '<minimax:tool_call>{"name":"book","arguments":{"size":4}}</minimax:tool_call>',
  '<｜DSML｜function_calls><｜DSML｜invoke name="book">{"size":4}</｜DSML｜invoke></｜DSML｜function_calls>',
  '{"action": "book", "action_input": {"size": 4}}',
  '<tool_call>\n{"name": "book", "arguments": {"size": 4}}\n</tool_call>',
  '<tool_call>{"name": "book", "arguments": "{\\"size\\": 4}"}</tool_call>',
  '<function_call>{"name":"functions.book","arguments":{"size":4}}</function_call>',
  '<function=book>{"size": 4}</function>',
  '<function=book{"size": 4}</function>',
  '<|tool_call|>[{"name":"book","arguments":{"size":4}}]<|/tool_call|>',
  '<|tool_calls_section_begin|><|tool_call_begin|>functions.book:0<|tool_call_argument_begin|>{"size":4}<|tool_call_end|><|tool_calls_section_end|>',
  '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>book\n```json\n{"size":4}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  '{"name": "book", "parameters": {"size": 4}}',
  '{"type": "function", "function": {"name": "book", "arguments": {"size": 4}}}',
  '[{"name": "book", "arguments": {"size": 4}}]',
  '<|start|>assistant<|channel|>commentary to=functions.book <|constrain|>json<|message|>{"size":4}<|call|>',
  '<|channel|>commentary to=functions.book<|message|>{"size":4}<|call|>',
]
const PYTHONIC = [
  '[book(size=4)]',
  '[ functions.book( size = 4, ) ]',
  '<|python_tag|>book.call(size=4)<|eom_id|>',
  '<|python_tag|>[book(size=+4)]<|eot_id|>',
  '<tool_code>print(book(size=4))</tool_code>',
  '```tool_code\nprint(default_api.book(size=4))\n```',
  '<|tool_call_start|>[book(size=4)]<|tool_call_end|>',
  '<tool_call>book({"size": 4})</tool_call>',
]
/** What only the end of the answer ends. */
const LAST_CALLS = [
  '[TOOL_CALLS][{"name":"book","arguments":{"size":4}}]',
  '[TOOL_CALLS]book{"size":4}',
  '<|python_tag|>{"name":"book","parameters":{"size":4}}<|eom_id|>',
  '<tool_call>{"name":"book","arguments":{"size":4}}',
]

describe('what a model writes besides words', () => {
  it.each(THOUGHTS)('%s is a thought, and so is all up to its end', (opens, closes) => {
    const { words, withheld } = bothWays(`${opens}\nThey ask about hours.\n${closes}\n\nWe open at nine.`)
    expect(words).toBe('We open at nine.')
    expect(withheld.thoughtChars).toBeGreaterThan(20)
  })

  it.each(TOKENS)('%j is no word', (token) => {
    expect(bothWays(`We open at nine.${token}`)).toMatchObject({ words: 'We open at nine.', unread: 0 })
    expect(bothWays(`${token}We open at nine.`).words).toBe('We open at nine.')
  })

  it.each([...CALLS, ...LAST_CALLS, ...PYTHONIC])('%s is the call that it is', (call) => {
    const { words, calls, unread } = bothWays(`Let me see. ${call}`)
    expect({ words, calls, unread }).toEqual({
      words: 'Let me see. ',
      calls: [{ name: expect.stringMatching(/book/) as unknown, arguments: { size: 4 } }],
      unread: 0,
    })
  })

  it('reads arguments written as tags', () => {
    for (const call of [
      '<tool_call>\n<function=book>\n<parameter=size>\n4\n</parameter>\n</function>\n</tool_call>',
      '<function_calls><invoke name="book"><parameter name="size">4</parameter></invoke></function_calls>',
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="book">\n<｜DSML｜parameter name="size" string="false">4</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
      '<tool_call>book\n<arg_key>size</arg_key>\n<arg_value>4</arg_value>\n</tool_call>',
    ]) {
      expect(bothWays(call).calls).toEqual([{ name: 'book', arguments: { size: '4' } }])
    }
  })

  it('reads values as Python writes them', () => {
    const written = `[book(name='Dana "D" O\\'Hara', at="10:30, (noon)]", vip=True, note=None, ids=[1, 2.5,], map={'a': (1,)})]`
    expect(bothWays(written)).toMatchObject({
      words: '',
      calls: [
        {
          name: 'book',
          arguments: {
            ...{ name: 'Dana "D" O\'Hara', at: '10:30, (noon)]', vip: true, note: null },
            ...{ ids: [1, 2.5], map: { a: [1] } },
          },
        },
      ],
    })
    expect(bothWays('[book(size=1), book(size=2)] Done.')).toMatchObject({
      words: 'Done.',
      calls: [{ arguments: { size: 1 } }, { arguments: { size: 2 } }],
    })
  })

  it('what only looks like a call of Python is words, unless it names a tool', () => {
    for (const text of [
      '[cook(size=4)]',
      '[f(x)] is a formula',
      '[see (a)]',
      '[laughs(softly)',
      '[book',
      '[a(1), book(size=4)]',
    ]) {
      expect(bothWays(text), text).toMatchObject({ words: text, calls: [], unread: 0 })
    }
    for (const text of ['[book(4)]', '[book(size=f(x))]', '[book(size=4', '```tool_code\nimport os\n```']) {
      expect(bothWays(text), text).toMatchObject({ words: '', calls: [], unread: 1 })
    }
    expect(bothWays('[book(size=4), cook(size=4)]')).toMatchObject({
      words: '',
      unread: 1,
      withheld: { calls: 1 },
    })
  })

  it('a call of a tool that does not exist, or that is cut off, is neither made nor said', () => {
    for (const call of [
      ...[...CALLS, ...LAST_CALLS].map((each) => each.replace('book', 'cook')),
      '<tool_call>{"name":"book","arguments":{"si',
      '{"name": "book", "arguments": {"si',
      '<tool_response>{"seats": 17}</tool_response>',
    ]) {
      expect(bothWays(`One moment. ${call}`), call).toMatchObject({
        words: 'One moment. ',
        calls: [],
        unread: 1,
      })
    }
  })

  it('an object that is no call is words', () => {
    for (const text of [
      '{"name": "Dana", "age": 4}',
      'Say {"name": 1',
      '{x} and [1] and `code`',
      '{"name":{"a":[}',
      '{"type": {"a": 1}}',
    ]) {
      expect(bothWays(text)).toMatchObject({ words: text, calls: [], unread: 0 })
    }
  })

  it('a turn that the model makes up for the caller is not said, nor what it goes on to answer', () => {
    for (const turn of ['<|im_start|>user\n', '<start_of_turn>user\n', '[INST]', '<|user|>']) {
      const { words } = bothWays(
        `We open at nine.<|im_end|>${turn}And on Sunday?<|im_end|><|im_start|>assistant\nAt ten.`,
      )
      expect(words).toBe('We open at nine.')
    }
    expect(bothWays('[INST] When do you open? [/INST] At nine.').words).toBe('At nine.')
  })

  it('all of a thought is counted, whatever of it was still to be told at the end', () => {
    expect(bothWays('analysisThe caller asks.').withheld.thoughtChars).toBe('The caller asks.'.length)
    const text = createModelText({ isDeclared, hold: true })
    text.push('fin')
    text.endInThought()
    expect(text.withheld.thoughtChars).toBe(3)
  })

  it('a thought within a thought is one, and an inner tag that stays open costs no words', () => {
    expect(bothWays('<think>a <think>b</think> c</think>Nine.').words).toBe('Nine.')
    expect(bothWays('<think>I write <think> first.</think>Nine.').words).toBe('Nine.')
    expect(bothWays('<think>Still thinking').words).toBe('')
  })

  it('a closing tag alone ends a thought: nothing before it is said where it is held back or there at once', () => {
    const text = 'They ask about hours.\n</think>\n\nWe open at nine.'
    expect(read([text])).toMatchObject({
      words: 'We open at nine.',
      withheld: { beganInThought: true, leakedChars: 0 },
    })
    expect(read([...text], true)).toMatchObject({ words: 'We open at nine.', withheld: { leakedChars: 0 } })
    expect(read([...text])).toMatchObject({
      withheld: { beganInThought: true, leakedChars: expect.any(Number) as number },
    })
    expect(read(['No thought ', 'at all.'], true).words).toBe('No thought at all.')
  })
})

const INNER = 'zq zq'
const plain = fc
  .array(
    fc.constantFrom(
      'We',
      ' open ',
      '<',
      ' < ',
      '<b>',
      '{',
      '[',
      '`',
      '5 < 6 ',
      '<3',
      '</',
      '◁',
      '<|',
      '{"a":',
      '[1]',
      'é',
      '\n',
    ),
  )
  .map((parts) => parts.join('') + ' . ')
const thought = fc.constantFrom(...THOUGHTS).map(([opens, closes]) => opens + INNER + closes)
const segment = fc.oneof(plain, thought, fc.constantFrom(...TOKENS), fc.constantFrom(...CALLS))
const cuts = fc.array(fc.nat(), { maxLength: 30 })

function split(text: string, at: readonly number[]): string[] {
  const places = [...new Set(at.map((place) => place % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((from, index) => text.slice(from, places[index]))
}

describe('however the text is cut', () => {
  it('the same words and calls come out, and nothing of a thought', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), cuts, (segments, at) => {
        const text = segments.join('')
        const whole = read([text])
        expect(read(split(text, at))).toEqual(whole)
        expect(whole.words).not.toContain('zq')
      }),
      { numRuns: 500 },
    )
  })

  it('text without marks is whole, and no character waits for more than the longest mark', () => {
    fc.assert(
      fc.property(plain, fc.string(), (one, other) => {
        const text = createModelText({ isDeclared, hold: false })
        let given = ''
        let pushed = ''
        for (const char of `${one}${other.replace(/["<|]/g, '')}`) {
          pushed += char
          for (const piece of text.push(char)) if (piece.type === 'words') given += piece.text
          expect(pushed.startsWith(given)).toBe(true)
          expect(pushed.length - given.length).toBeLessThanOrEqual(MAX_MARK_CHARS)
        }
        for (const piece of text.end()) if (piece.type === 'words') given += piece.text
        expect(given).toBe(pushed)
      }),
      { numRuns: 300 },
    )
  })

  it('text of any kind is read in a time that grows with it', () => {
    for (const unit of [
      '<',
      '{"name":',
      '[{',
      '<tool_call>',
      '<think>',
      '<|channel|>',
      '`',
      '<|im_start|>user',
    ]) {
      const text = createModelText({ isDeclared, hold: false })
      const all = unit.repeat(4000)
      for (let at = 0; at < all.length; at += 7) text.push(all.slice(at, at + 7))
      text.end()
    }
  })
})
