import { expect, it } from 'vitest'
import { anchorsOf } from '../headings.mjs'

it('names headings as GitHub does', () => {
  const text = [
    '# The `kav doctor`: **before** the first call',
    '## What is [kept](call-history.md)',
    '## Several, all_of it',
    '## Twilio’s scheme',
    '## Figures',
    '## Figures',
    '```sh',
    '# a remark of the shell',
    '```',
    '<a id="here"></a>',
  ].join('\n')
  expect([...anchorsOf(text)]).toEqual([
    'the-kav-doctor-before-the-first-call',
    'what-is-kept',
    'several-all_of-it',
    'twilios-scheme',
    'figures',
    'figures-1',
    'here',
  ])
})
