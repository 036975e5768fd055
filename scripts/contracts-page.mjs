// docs/contracts.md: what plugins and Kav promise each other, out of the declarations that the compiler has made.
import { readFileSync } from 'node:fs'
import { PLUGIN_KINDS } from '../packages/core/dist/contracts/plugin.js'
import { inStyle } from './in-style.mjs'
import { root } from './run.mjs'

/** In the order in which an author reads them: module of packages/core/src/contracts, and what it is. */
const SECTIONS = [
  ['plugin', 'A plugin', 'What a package exports, and what its provider is lent.'],
  ['audio', 'Audio', 'Formats; bytes are lent in a format that was agreed before.'],
  ['errors', 'Errors', 'What a fault means for Kav: the class decides.'],
  ['stt', 'stt', 'Speech to text.'],
  ['llm', 'llm', 'The model that answers.'],
  ['tts', 'tts', 'Text to speech.'],
  ['realtime', 'realtime', 'Speech in, speech out, in place of stt, llm and tts.'],
  ['vad', 'vad', 'Whether a window of sound is voice.'],
  ['turn', 'turn', 'Whether a caller who has fallen silent is done.'],
  ['denoise', 'denoise', 'Sound without its noise.'],
  ['tool', 'tool', 'What the model may do.'],
  ['transport', 'transport', 'How calls come in and sound goes out.'],
  ['transport-double', "A transport's double", "The carrier's side on this machine, for `kav verify`."],
  ['call-store', 'store', 'Where records of calls are kept and found again.'],
  ['logger', 'Logger', 'What `context.log` is.'],
  ['metrics', 'Metrics', 'What `context.metrics` is.'],
  ['clock', 'Clock', 'What `context.clock` is.'],
]

export async function contractsPage(notice) {
  const missing = PLUGIN_KINDS.filter((kind) => !SECTIONS.some(([, title]) => title === kind))
  if (missing.length > 0) throw new Error(`docs/contracts.md would lack the kinds ${missing.join(', ')}`)
  const parts = await Promise.all(
    SECTIONS.map(async ([module, title, about]) => {
      const code = await inStyle(declarations(module))
      return `## ${title}\n\n${about}\n\n\`\`\`ts\n${code}\`\`\``
    }),
  )
  return `${notice}\n\n# The contracts\n\nEvery interface between Kav and its plugins, version 1, with its doc comments: they are the contract. All of it is imported from \`@kav/core\`. [Write a plugin](plugin-authoring.md) is the guide to them, [contract-suites.md](contract-suites.md) lists the promises in them that a suite checks, and [contracts-changelog.md](contracts-changelog.md) what was added.\n\n${parts.join('\n\n')}\n`
}

function declarations(module) {
  return (
    readFileSync(`${root}packages/core/dist/contracts/${module}.d.ts`, 'utf8')
      .replace(/^import .*;\n/gm, '')
      .replace(/^\/\/# sourceMappingURL=.*$/m, '')
      .replace(/^export declare /gm, 'export ')
      // Apart from one another.
      .replace(/^(?=\/\*\*)|(?<!\*\/\n)^(?=export )/gm, '\n')
      .trim()
  )
}
