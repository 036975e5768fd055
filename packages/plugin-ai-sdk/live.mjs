#!/usr/bin/env node
/**
 * Measures a real model, for someone with a key: the first word, the whole answer, the tokens. Prints milliseconds; exits
 * 1 when a round failed. A round costs less than a US cent.
 *
 *   node live.mjs --package @ai-sdk/anthropic --model claude-haiku-4-5 --key sk-… [--base-url URL] [--rounds 3]
 *                 [--say 'When are you open?'] [--params '{"provider_options": …}']
 *
 * The package is looked for from the working directory.
 */
import { parseArgs } from 'node:util'
import { liveContext, testParams } from '@kav/core/testing'
import { aiSdkLlm } from './dist/index.js'

const { values } = parseArgs({
  options: {
    package: { type: 'string' },
    model: { type: 'string' },
    key: { type: 'string' },
    'base-url': { type: 'string' },
    say: { type: 'string', default: 'Hello, when are you open on Friday?' },
    rounds: { type: 'string', default: '3' },
    params: { type: 'string', default: '{}' },
  },
})
if (!values.package || !values.model) {
  console.error('usage: node live.mjs --package @ai-sdk/anthropic --model claude-haiku-4-5 --key sk-…')
  process.exit(2)
}
const llm = aiSdkLlm.create(
  testParams(aiSdkLlm.params, {
    package: values.package,
    model: values.model,
    ...(values.key && { api_key: values.key }),
    ...(values['base-url'] && { base_url: values['base-url'] }),
    ...JSON.parse(values.params),
  }),
  liveContext(),
)
await llm.warm()

for (let round = 0; round < Number(values.rounds); round++) {
  const startMs = performance.now()
  const passed = () => Math.round(performance.now() - startMs)
  const facts = { text: '' }
  const messages = [
    { role: 'system', content: 'You answer the phone at a front desk, in one short sentence.' },
    { role: 'user', content: values.say },
  ]
  try {
    const { signal } = new AbortController()
    for await (const event of llm.reply({ callId: 'live', messages, tools: [] }, signal)) {
      if (event.type === 'thought') facts.first_thought_ms ??= passed()
      if (event.type === 'usage') Object.assign(facts, event)
      if (event.type !== 'text') continue
      facts.first_word_ms ??= passed()
      facts.text += event.text
    }
    console.log(JSON.stringify({ ...facts, total_ms: passed() }))
  } catch (thrown) {
    process.exitCode = 1
    console.log(JSON.stringify({ failed: thrown.message, class: thrown.class }))
  }
}
await llm.close()
