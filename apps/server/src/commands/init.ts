import { access, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { messageOf } from '@kav/core'
import { makeFolder } from '@kav/core/kit'
import {
  INIT_PROVIDERS,
  type InitChoices,
  type InitProvider,
  whyNotAChoice,
  whyNotTogether,
} from '../init/init-choices.ts'
import { type InitFile, initFiles } from '../init/init-files.ts'
import { hasLinesFor } from '../init/init-lines.ts'
import { stdoutStream, type WriteStdout } from '../process/kept-stdout.ts'
import { WrongUse } from '../wrong-use.ts'

export interface InitOptions {
  readonly provider?: string
  readonly language?: string
  readonly name?: string
}

/** Asks for one choice; the second is taken when nothing is answered. */
export type Ask = (question: string, byDefault: string) => Promise<string>

/**
 * `kav init`: writes a pipeline, `.env.example` and a conversation that tests it. What is not given is asked for, where
 * somebody can be asked, and otherwise as by default. Never writes over a file: exit code 1 then.
 */
export async function init(
  dir: string,
  options: InitOptions,
  print: (line: string) => void,
  ask: Ask | undefined,
): Promise<number> {
  const choices = await choose(options, ask)
  if (typeof choices === 'string') {
    print(choices)
    return 2
  }
  const files = initFiles(choices)
  const there: string[] = []
  for (const { path } of files) if (await exists(join(dir, path))) there.push(path)
  if (there.length > 0) {
    print(`nothing was written: ${there.join(', ')} is there already; choose another --name or folder`)
    return 1
  }
  await writeAll(dir, files)
  for (const { path } of files) print(`wrote ${path}`)
  const { language, name } = choices
  print('')
  if (!hasLinesFor(language))
    print(`The texts in ${name}.yaml and its test are English: write them in ${language} first.\n`)
  if (resolve(dir) !== process.cwd()) print(`   cd ${dir}`)
  for (const line of choices.provider === 'local' ? localSteps(name) : steps(name)) print(line)
  return 0
}

/** All of them, or none: what somebody else has made meanwhile is theirs. */
async function writeAll(dir: string, files: readonly InitFile[]): Promise<void> {
  const written: string[] = []
  try {
    for (const { path, text } of files) {
      const file = join(dir, path)
      await makeFolder(dirname(file))
      await writeFile(file, text, { flag: 'wx' })
      written.push(file)
    }
  } catch (error) {
    await Promise.all(written.map((file) => rm(file, { force: true })))
    throw new WrongUse(`nothing was written: ${messageOf(error)}; choose another folder`, { cause: error })
  }
}

function steps(name: string): readonly string[] {
  return [
    `1. npx kav test tests/${name}.yaml      plays it on fakes: no key, no network`,
    `2. copy .env.example to .env and fill it in`,
    `3. npx kav validate ${name}.yaml        checks what you wrote`,
    `4. npx kav serve ${name}.yaml           takes calls; Twilio's webhook is PUBLIC_URL/twilio/voice (POST)`,
    `5. npx kav doctor ${name}.yaml          beside it: asks keys, voices, numbers and PUBLIC_URL for real`,
  ]
}

function localSteps(name: string): readonly string[] {
  return [
    `1. npx kav test tests/${name}.yaml      plays it on fakes: no key, no network`,
    `2. sudo apt-get install libpocketsphinx3 pocketsphinx-en-us      what hears (Debian, Ubuntu)`,
    `3. npx kav doctor ${name}.yaml          says whether all of it is here`,
    `4. npx kav dev ${name}.yaml             prints a link: talk to it from your browser`,
    `It understands the phrases of scripts/${name}.yaml and says what stands there; more: @kav/plugin-local.`,
  ]
}

/** Asks on the terminal; `undefined` when there is nobody to ask. */
export function terminalAsk(write: WriteStdout): { ask: Ask; close: () => void } | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined
  const lines = createInterface({ input: process.stdin, output: stdoutStream(write), terminal: true })
  return {
    ask: async (question, byDefault) =>
      (await lines.question(`${question} [${byDefault}] `)).trim() || byDefault,
    close: () => lines.close(),
  }
}

/** The choices, or what is wrong with one. */
async function choose(options: InitOptions, ask: Ask | undefined): Promise<InitChoices | string> {
  const questions = [
    ['provider', `Who hears and speaks? (${INIT_PROVIDERS.join(', ')})`, 'google'],
    ['language', 'In which language?', 'en-US'],
    ['name', 'How is the agent called?', 'front-desk'],
  ] as const
  const chosen: Record<string, string> = {}
  for (const [name, question, byDefault] of questions) {
    const text = options[name] ?? (await ask?.(question, byDefault)) ?? byDefault
    const wrong = whyNotAChoice(name, text)
    if (wrong !== undefined) return wrong
    chosen[name] = text
  }
  const { provider, language, name } = chosen as Record<keyof InitChoices, string>
  const choices = { provider: provider as InitProvider, language, name }
  return whyNotTogether(choices) ?? choices
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
