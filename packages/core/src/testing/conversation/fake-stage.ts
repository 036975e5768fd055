import { FIRST_LANGUAGE, type RecordedLine, type RecordedLines } from '../../host.ts'
import { ProviderError } from '../../contracts/errors.ts'
import { toCallSettings } from '../../config/to-call-settings.ts'
import type { PipelineConfig } from '../../config/schema/pipeline.ts'
import { createCallRig } from '../call-rig.ts'
import type { FakeReply } from '../fakes/fake-llm.ts'
import type { FakeSttOpening } from '../fakes/fake-stt.ts'
import type { FakeTtsOptions, FakeVoice } from '../fakes/fake-tts.ts'
import { createFakeTools } from './fake-tools.ts'
import type { SttEvent } from '../../contracts/index.ts'
import type { ConversationScript } from './script-schema.ts'
import type { ConversationStage } from './stage.ts'
import type { CallerSaying } from './step-schema.ts'

const MS_PER_CHARACTER = 60
const MIN_VOICE_MS = 300
const FINAL_AFTER_MS = 150
const BETWEEN_KEYS_MS = 100
const PATIENCE_MS = 5000

/** A call on fakes and a fake clock: hours of conversation in milliseconds, the same every time. */
export function openFakeStage(script: ConversationScript, config: PipelineConfig): ConversationStage {
  const rig = rigOf(script, config)
  const session = rig.start()
  const startMs = rig.clock.nowMs()
  /** What a recogniser that is not open yet will hear in the audio that is held for it. */
  let unheard: Recognised[] = []
  let endedBy: string | undefined
  void session.done.then((outcome) => {
    endedBy = outcome.endedBy
  })

  function recognised(event: Recognised): void {
    unheard.push(event)
    const open = rig.stt.sessions.at(-1)
    if (!open) return
    for (const event of unheard) open.emit(event)
    unheard = []
  }

  async function silence(ms: number): Promise<void> {
    await rig.silence(ms)
    const final = unheard.findLast((event) => event.type === 'final')
    if (!final || rig.stt.sessions.length === 0) return
    unheard = []
    recognised(final)
  }

  return {
    get events() {
      return rig.events
    },
    get nowMs() {
      return rig.clock.nowMs() - startMs
    },
    patienceMs: PATIENCE_MS,
    hear: (saying) => sayTo(rig, saying, recognised),
    noise: rig.speak,
    silence,
    noMedia: rig.wait,
    async press(keys) {
      for (const key of keys) {
        rig.far.dtmf(key)
        await rig.silence(BETWEEN_KEYS_MS)
      }
    },
    async killRecogniser() {
      rig.stt.sessions.at(-1)?.fail(new ProviderError('network', 'the connection to the recogniser broke'))
      await rig.silence(20)
    },
    async hangUp() {
      await rig.end()
    },
    get clears() {
      return rig.far.sent.filter((sent) => sent.kind === 'clear').length
    },
    get context() {
      return rig.llm.requests.at(-1)?.request.messages
    },
    get spoken() {
      return rig.tts.requests.map(({ request }) => request.text)
    },
    get endedBy() {
      return endedBy
    },
    get transferredTo() {
      return rig.far.transferredTo
    },
    async close() {
      if (endedBy === undefined) await rig.end()
    },
  }
}

function rigOf(script: ConversationScript, config: PipelineConfig) {
  return createCallRig({
    settings: toCallSettings(config),
    stt: {
      opening: openingOf(script.recogniser),
      ...(script.recogniser?.judges_turns && { detectsTurns: true }),
    },
    llm: { preemptive: script.preemptive ?? false, replies: (script.agent ?? ['All right.']).map(asReply) },
    ...(script.fallback_agent && { fallbackLlm: { replies: script.fallback_agent.map(asReply) } }),
    tts: voiceOf(script.voice),
    ...(script.fallback_voice && { fallbackTts: voiceOf(script.fallback_voice) }),
    tools: createFakeTools(script, config),
    languages: Object.keys(config.languages),
    recordedLines: recordingsOf(config),
    ...(config.conversation.filler?.sound !== undefined && { thinkingSound: fakeRecording('', 1000) }),
    vad: config.vad !== 'off',
    call: {
      params: script.call ?? {},
      transferable: true,
      transfers: Array.from({ length: script.transfers_fail ?? 0 }, () => ({ error: new Error('refused') })),
    },
  })
}
/** On fakes nobody listens: only how long a recording takes counts. */
function recordingsOf({ conversation, languages }: PipelineConfig): RecordedLines {
  const others = Object.entries(languages).map(([tag, language]) => ({ tag, line: language.recorded_line }))
  const lines = [{ tag: FIRST_LANGUAGE, line: conversation.recorded_line }, ...others]
  return new Map(
    lines.flatMap(({ tag, line }) => {
      if (line === undefined) return []
      return [[tag, fakeRecording(line.text, MS_PER_CHARACTER * line.text.length)] as const]
    }),
  )
}

function fakeRecording(text: string, lengthMs: number): RecordedLine {
  const audio = new Uint8Array(2 * 8 * lengthMs).fill(0x10)
  return { text, format: { encoding: 'linear16', sampleRateHz: 8000 }, audio }
}

type CallRig = ReturnType<typeof rigOf>

/** What the recogniser makes of it. */
type Recognised = Extract<SttEvent, { type: 'partial' | 'final' | 'turn-ended' | 'turn-resumed' }>

/** The caller says it, and the recogniser makes of it what the script says. */
async function sayTo(
  rig: CallRig,
  saying: CallerSaying,
  recognised: (event: Recognised) => void,
): Promise<void> {
  const heard = typeof saying === 'string' ? { text: saying } : saying
  const voiceMs = heard.voice_ms ?? Math.max(MIN_VOICE_MS, heard.text.length * MS_PER_CHARACTER)
  const words = heard.text.split(/\s+/u)
  for (let count = 1; count <= words.length; count++) {
    await rig.speak(roundToFrame(voiceMs / words.length))
    if (heard.partials !== false) recognised({ type: 'partial', text: words.slice(0, count).join(' ') })
  }
  const { turn_ended: probability, turn_resumed_after_ms: resumedAfterMs } = heard
  const sure = probability === 1
  if (probability !== undefined && !sure) recognised({ type: 'turn-ended', probability })
  if (resumedAfterMs !== undefined) {
    await rig.silence(roundToFrame(resumedAfterMs))
    recognised({ type: 'turn-resumed' })
  }
  const final = heard.final ?? heard.text
  if (final === '') return
  await rig.silence(roundToFrame(heard.final_after_ms ?? FINAL_AFTER_MS))
  const { confidence, final_times: times = 1 } = heard
  const event: Recognised = { type: 'final', text: final, ...(confidence !== undefined && { confidence }) }
  for (let told = 0; told < times; told++) recognised(event)
  if (sure) recognised({ type: 'turn-ended' })
  await rig.silence(20)
}

function openingOf(recogniser: ConversationScript['recogniser']): FakeSttOpening {
  if (recogniser?.never_opens) return { error: new ProviderError('auth', 'the recogniser refused the key') }
  return recogniser?.opens_after_ms === undefined ? {} : { afterMs: recogniser.opens_after_ms }
}

function voiceOf(voice: ConversationScript['voice'] = {}): Partial<FakeTtsOptions> {
  const { fails_on: failsOn } = voice
  let failures = 0
  const failing = (text: string): FakeVoice | undefined => {
    if (failsOn === undefined || !text.includes(failsOn)) return undefined
    if (failures++ >= (voice.fails_times ?? Infinity)) return undefined
    return { error: new ProviderError('network', 'the voice failed') }
  }
  return {
    msPerCharacter: voice.ms_per_character ?? MS_PER_CHARACTER,
    ...(voice.first_audio_ms === undefined ? {} : { firstAudioMs: voice.first_audio_ms }),
    words: voice.words ?? false,
    voice: ({ text }) => failing(text),
  }
}

function asReply(reply: NonNullable<ConversationScript['agent']>[number], index: number): string | FakeReply {
  if (typeof reply === 'string') return reply
  const { text, first_token_ms, token_ms, tool, fails, stalls } = reply
  return {
    text: text ?? '',
    ...(first_token_ms === undefined ? {} : { firstTokenMs: first_token_ms }),
    ...(token_ms === undefined ? {} : { tokenMs: token_ms }),
    ...(tool === undefined
      ? {}
      : {
          toolCalls: [{ id: `call_${index}`, name: tool, arguments: JSON.stringify(reply.arguments ?? {}) }],
        }),
    ...(fails ? { error: new ProviderError('network', 'the model failed') } : {}),
    stalls: stalls ?? false,
  }
}

function roundToFrame(ms: number): number {
  return Math.max(20, Math.round(ms / 20) * 20)
}
