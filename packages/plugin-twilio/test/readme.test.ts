import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { twilioParams } from '../src/params/params.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const sources = readdirSync(new URL('../src/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(`../src/${name}`, import.meta.url), 'utf8'))
  .join('\n')

it('the README gives every param with its default', () => {
  for (const [name, schema] of Object.entries(twilioParams.properties)) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` `))
    const byDefault: unknown = schema.default
    const shown =
      byDefault === undefined ? '–' : typeof byDefault === 'string' ? byDefault : JSON.stringify(byDefault)
    expect(row?.split('|')[2]?.trim().replaceAll('`', ''), name).toBe(shown)
  }
})

it('the README gives every metric and every log line', () => {
  for (const [, name] of sources.matchAll(/'(twilio_[a-z_]+)'/g)) {
    // Counted in milliseconds, written out in seconds.
    const shown = name!.replace(/_ms(_total)?$/, '_seconds$1')
    expect(readme.includes(`\`${shown}\``), shown).toBe(true)
  }
  for (const [, message] of sources.matchAll(/'(TWILIO: [^']*)'/g)) {
    if (!/call offered|stream started/.test(message!)) expect(readme.includes(message!), message).toBe(true)
  }
})
