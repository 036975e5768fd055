import type { PipelineFile, Pipelines } from '@kav/client'

const GOOD = `# yaml-language-server: $schema=./pipeline.schema.json
version: 1
name: front-desk
transport:
  plugin: "@kav/plugin-twilio"
  params: { auth_token: "\${TWILIO_AUTH_TOKEN}" }
stt:
  plugin: "@kav/plugin-google-stt"
  params:
    language: en-US   # as the callers speak
    BATCH_MS: 40
llm:
  plugin: "@kav/plugin-openai"
  params: { model: gpt-4o-mini, temperature: 0.3 }
tts:
  plugin: "@kav/plugin-google-tts"
conversation:
  greeting: "Hello, this is the telephone help desk. What seems to be the trouble?"
`

const BROKEN = `version: 1
name: front-desk-he
transport:
  plugin: "@kav/plugin-twilio"
stt:
  plugin: "@kav/plugin-google-stt"
  params:
    langauge: he-IL
    region: europe-west9
conversation:
  greeting: "שלום, הגעתם למרפאה. איך אפשר לעזור?"
`

export const PIPELINES: Pipelines = {
  pipelines: [
    {
      name: 'front-desk',
      file: 'pipelines/front-desk.yaml',
      version: '6f7c40d19b62',
      calls: 2,
      able: true,
      providers: [
        { kind: 'stt', provider: 'google-stt', region: '', state: 'closed' },
        { kind: 'llm', provider: 'openai-llm', region: '', state: 'open', code: 'KAV_PROVIDER_UNREACHABLE' },
      ],
    },
    {
      name: 'front-desk-he',
      file: 'pipelines/front-desk-he.yaml',
      version: '0a1b2c3d4e5f',
      calls: 1,
      able: true,
      providers: [],
    },
    {
      name: 'reminders',
      file: 'pipelines/reminders.yaml',
      version: '99aa88bb77cc',
      calls: 0,
      able: true,
      refusing: 'full',
      providers: [],
    },
  ],
}

export const PIPELINE_FILES: ReadonlyMap<string, PipelineFile> = new Map<string, PipelineFile>([
  [
    'front-desk',
    {
      name: 'front-desk',
      file: 'pipelines/front-desk.yaml',
      running: '6f7c40d19b62',
      version: '6f7c40d19b62',
      yaml: GOOD,
      problems: [],
      effective: {
        version: 1,
        name: 'front-desk',
        transport: {
          plugin: '@kav/plugin-twilio',
          params: { auth_token: '(secret)', validate_signature: true },
        },
        stt: {
          plugin: '@kav/plugin-google-stt',
          params: { language: 'en-US', BATCH_MS: 40, PARTIAL_DEBOUNCE_MS: 90, TIMEOUT_MS: 320 },
        },
        'rx-queue': { maxsize: 200, CATCHUP_RATE: 4 },
        tools: { plugins: [] },
      },
    },
  ],
  [
    'front-desk-he',
    {
      name: 'front-desk-he',
      file: 'pipelines/front-desk-he.yaml',
      running: '0a1b2c3d4e5f',
      yaml: BROKEN,
      problems: [
        {
          line: 8,
          column: 5,
          path: 'stt.params',
          level: 'error',
          message: 'unknown field "langauge"; did you mean "language"?',
        },
        {
          line: 9,
          column: 13,
          path: 'stt.params.region',
          level: 'warning',
          message: '"europe-west9" has no such model; europe-west1 has',
        },
      ],
    },
  ],
])
