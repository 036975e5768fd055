import { ProviderError } from '../../contracts/errors.ts'
import type { CallSettings } from '../../pipeline/call-settings.ts'
import { buildToolKit, type ToolKit } from '../../tools/tool-kit.ts'
import type { ToolSettings } from '../../tools/tool-settings.ts'
import { createCallRig } from '../call-rig.ts'
import type { FakeReply } from '../fakes/fake-llm.ts'
import type { CallerSaying, ConversationScript } from './script-schema.ts'
import type { ConversationStage } from './stage.ts'

const MS_PER_CHARACTER = 60
const MIN_VOICE_MS = 300
const FINAL_AFTER_MS = 150

/** A call on fakes and a fake clock: hours of conversation in milliseconds, the same every time. */
export function openFakeStage(
  script: ConversationScript,
  settings: CallSettings,
  tools?: ToolSettings,
): ConversationStage {
  const voice = script.voice ?? {}
  const failsOn = voice.fails_on
  const rig = createCallRig({
    settings,
    llm: { preemptive: script.preemptive ?? false, replies: (script.agent ?? ['All right.']).map(asReply) },
    tts: {
      msPerCharacter: voice.ms_per_character ?? MS_PER_CHARACTER,
      ...(voice.first_audio_ms === undefined ? {} : { firstAudioMs: voice.first_audio_ms }),
      words: voice.words ?? false,
      voice: ({ text }) =>
        failsOn !== undefined && text.includes(failsOn)
          ? { error: new ProviderError('network', 'the voice failed') }
          : undefined,
    },
    ...(tools ? { tools: (on): ToolKit => buildToolKit({ settings: tools, code: [], ...on }) } : {}),
  })
  const session = rig.start()
  const startMs = rig.clock.nowMs()
  let endedBy: string | undefined
  let over = false
  void session.done.then((outcome) => {
    endedBy = outcome.endedBy
  })

  function recognised(type: 'partial' | 'final', text: string): void {
    rig.stt.sessions.at(-1)?.emit({ type, text })
  }

  async function hear(saying: CallerSaying): Promise<void> {
    const heard = typeof saying === 'string' ? { text: saying } : saying
    const voiceMs = heard.voice_ms ?? Math.max(MIN_VOICE_MS, heard.text.length * MS_PER_CHARACTER)
    const words = heard.text.split(/\s+/u)
    for (let count = 1; count <= words.length; count++) {
      await rig.speak(roundToFrame(voiceMs / words.length))
      if (heard.partials !== false) recognised('partial', words.slice(0, count).join(' '))
    }
    const final = heard.final ?? heard.text
    if (final === '') return
    await rig.silence(roundToFrame(heard.final_after_ms ?? FINAL_AFTER_MS))
    recognised('final', final)
    await rig.silence(20)
  }

  return {
    get events() {
      return rig.events
    },
    get nowMs() {
      return rig.clock.nowMs() - startMs
    },
    hear,
    noise: rig.speak,
    silence: rig.silence,
    noMedia: rig.wait,
    async press(keys) {
      for (const key of keys) {
        rig.far.dtmf(key)
        await rig.silence(100)
      }
    },
    async hangUp() {
      over = true
      await rig.end()
    },
    get context() {
      return rig.llm.requests.at(-1)?.request.messages
    },
    get endedBy() {
      return endedBy
    },
    async close() {
      if (!over && endedBy === undefined) await rig.end()
    },
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
