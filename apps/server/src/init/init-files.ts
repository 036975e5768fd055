import type { InitChoices, InitProvider } from './init-choices.ts'
import { linesFor } from './init-lines.ts'
import { localScript } from './local-script.ts'

/** A file of a new project; `path` starts at its folder. */
export interface InitFile {
  readonly path: string
  readonly text: string
}

/** A pipeline with remarks, the environment it needs, and a conversation that tests it. */
export function initFiles(choices: InitChoices): readonly InitFile[] {
  const { name } = choices
  return [
    { path: `${name}.yaml`, text: pipeline(choices) },
    { path: '.env.example', text: environment(choices.provider) },
    { path: `tests/${name}.yaml`, text: conversation(choices) },
    ...(choices.provider === 'local' ? [{ path: `scripts/${name}.yaml`, text: localScript() }] : []),
  ]
}

function pipeline({ provider, language, name }: InitChoices): string {
  const lines = linesFor(language)
  const stages = STAGES[provider]({ language, name })
  return `# Every field: docs/configuration.md. Check it: npx kav validate ${name}.yaml
${provider === 'local' ? LOCAL_HEAD : REMOTE_HEAD}
version: 1
name: ${name}

transport:
  plugin: "@kav/plugin-twilio"
  params:
${provider === 'local' ? LOCAL_LINE : REMOTE_LINE}
${stages.stt}
${stages.llm ?? OPENAI_LLM}
${stages.tts}
conversation:
  language: ${language}
  greeting: ${JSON.stringify(lines.greeting)}
  # {{from}} is the caller's number, {{now}} date and time; time_zone: sets whose.
  system_prompt: |
    ${lines.prompt}
    {{now}}
  fallback_line: ${JSON.stringify(lines.fallback)}   # said when the model or the voice fails

# Every call is kept, and found again: npx kav calls, npx kav calls show <id>. Without it calls leave files alone.
store:
  plugin: "@kav/plugin-sql-store"
  params:
    file: recordings/calls.db          # SQLite; PostgreSQL: url: postgres://…
# What is older goes by itself, from the store and from files. Absent: it stays until you erase it.
# keep: { audio: 7d, transcript: 30d, record: 1y }
# What nobody may read or hear of a call, in files, log, store and recordings alike.
# redact: { cards: true, dtmf: true }
`
}

const REMOTE_HEAD =
  '# What it needs of the environment stands in .env.example; copy that to .env and fill it in.'
const LOCAL_HEAD = `# It needs no key and no network. What hears is PocketSphinx: apt-get install libpocketsphinx3 pocketsphinx-en-us.
# It understands phrases it is given, in English: those of the script, and of conversation.hints.`

const REMOTE_LINE = `    account_sid: "\${TWILIO_ACCOUNT_SID}"
    auth_token: "\${TWILIO_AUTH_TOKEN}"
    public_url: "\${PUBLIC_URL}"         # how Twilio reaches you; its webhook is PUBLIC_URL/twilio/voice, by POST
`
const LOCAL_LINE = `    validate_signature: false          # on this machine alone: anybody who reaches the port could call
    # From the telephone: take that line out, fill in .env (see .env.example), and put these in.
    # account_sid: "\${TWILIO_ACCOUNT_SID}"
    # auth_token: "\${TWILIO_AUTH_TOKEN}"
    # public_url: "\${PUBLIC_URL}"
`

const OPENAI_LLM = `llm:
  plugin: "@kav/plugin-openai"
  params:
    api_key: "\${OPENAI_API_KEY}"
    model: gpt-4o-mini
    temperature: 0.3
`

interface Stages {
  readonly stt: string
  /** Absent: OpenAI's. */
  readonly llm?: string
  readonly tts: string
}

const STAGES: Readonly<Record<InitProvider, (choices: Omit<InitChoices, 'provider'>) => Stages>> = {
  local: ({ name }) => ({
    stt: `stt:
  plugin: "@kav/plugin-local"
`,
    llm: `llm:
  plugin: "@kav/plugin-local"
  params:
    script: ./scripts/${name}.yaml     # what callers may say, and what is answered
`,
    tts: `tts:
  plugin: "@kav/plugin-local"
  params:
    voice: slt                         # npx kav plugins local has the others
`,
  }),
  google: ({ language }) => ({
    stt: `stt:
  plugin: "@kav/plugin-google-stt"
  params:
    language: ${language}
    region: eu                         # where Google hears the call; us is the other large one
    fallback_regions: [us]
    credentials: "\${GOOGLE_CREDENTIALS:-}"   # a key file or its JSON; empty: application default credentials
`,
    tts: `tts:
  plugin: "@kav/plugin-google-tts"
  params:
    language: ${language}
    credentials: "\${GOOGLE_CREDENTIALS:-}"
    # voice: ${language}-Chirp3-HD-Kore   # absent: Google chooses one
`,
  }),
  azure: ({ language }) => ({
    stt: `stt:
  plugin: "@kav/plugin-azure-stt"
  params:
    language: ${language}
    key: "\${AZURE_SPEECH_KEY}"
    region: "\${AZURE_SPEECH_REGION:-westeurope}"
`,
    tts: `tts:
  plugin: "@kav/plugin-azure-tts"
  params:
    voice: ${AZURE_VOICES[language] ?? 'en-US-AvaMultilingualNeural'}
    key: "\${AZURE_SPEECH_KEY}"
    region: "\${AZURE_SPEECH_REGION:-westeurope}"
`,
  }),
  openai: ({ language }) => ({
    stt: `stt:
  plugin: "@kav/plugin-openai"
  params:
    api_key: "\${OPENAI_API_KEY}"
    model: gpt-4o-transcribe
    language: ${language}
    TIMEOUT_MS: 240                    # words of a segment come at once, so the wait behind them is shorter
`,
    tts: `tts:
  plugin: "@kav/plugin-openai"
  params:
    api_key: "\${OPENAI_API_KEY}"
    model: gpt-4o-mini-tts
    voice: marin
`,
  }),
}

const AZURE_VOICES: Readonly<Record<string, string>> = {
  'he-IL': 'he-IL-HilaNeural',
  'en-US': 'en-US-AvaNeural',
  'en-GB': 'en-GB-SoniaNeural',
  'de-DE': 'de-DE-KatjaNeural',
  'fr-FR': 'fr-FR-DeniseNeural',
  'es-ES': 'es-ES-ElviraNeural',
  'it-IT': 'it-IT-ElsaNeural',
  'ru-RU': 'ru-RU-SvetlanaNeural',
  'ar-EG': 'ar-EG-SalmaNeural',
}

function environment(provider: InitProvider): string {
  const speech: Readonly<Record<InitProvider, string>> = {
    google:
      '# Path of the key file of a service account; empty: application default credentials.\nGOOGLE_CREDENTIALS=\n',
    azure:
      '# Of the Speech resource, in the portal under Keys and Endpoint.\nAZURE_SPEECH_KEY=\nAZURE_SPEECH_REGION=westeurope\n',
    openai: '',
    local: '',
  }
  const model = provider === 'local' ? '' : 'OPENAI_API_KEY=\n'
  return `# Copy to .env, which kav reads in the folder it is started in. What is set already wins. Never commit .env.
# From the first page of the Twilio console: AC and 32 hexadecimal digits, and the primary auth token.
TWILIO_ACCOUNT_SID=
TWILIO_AUTH_TOKEN=
# Without a path: https://voice.example.com
PUBLIC_URL=
${model}${speech[provider]}`
}

function conversation({ name, language }: InitChoices): string {
  const { greeting, question, answer, interruption, last } = linesFor(language)
  return `# Played on fakes, without keys, in milliseconds: npx kav test tests/${name}.yaml
name: The agent greets, answers, and can be interrupted
pipeline: ../${name}.yaml
agent: [${JSON.stringify(answer)}, ${JSON.stringify(last)}]
steps:
  - says: ${JSON.stringify(greeting)}
  - finishes: true
  - hears: ${JSON.stringify(question)}
  - interrupts_at: { ms: 1000, hears: ${JSON.stringify(interruption)} }   # a second into the answer
  - expects: { event: interrupted, count: 1 }
  - says: ${JSON.stringify(last)}
  - finishes: true
`
}
