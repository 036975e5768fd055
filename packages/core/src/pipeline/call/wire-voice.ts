import { createVoiceWatch, type VoiceWatch } from '../hearing/voice-watch.ts'
import type { VadTap } from '../hearing/vad-tap.ts'
import type { CallConversation, CallConversationParts } from './call-conversation.ts'

/** caller -> voice detector, beside the chain: tells the recognition and the conversation when voice starts and stops. */
export function wireVoice(
  parts: { readonly tap: VadTap } & CallConversation &
    Pick<CallConversationParts, 'call' | 'settings' | 'echo' | 'deadlines' | 'clock' | 'telemetry'>,
): VoiceWatch {
  const { rx, conversation, clock, telemetry } = parts
  const voice: VoiceWatch = createVoiceWatch({
    tap: parts.tap,
    format: parts.call.format,
    quieterDb: parts.settings.conversation.bargeIn.quieterDb,
    echo: parts.echo,
    hangoverMs: parts.settings.stt.vadHangoverMs,
    alarm: parts.deadlines.part((nowUs) => voice.onDue(nowUs)),
    clock,
    telemetry,
    onStarted(nowMs, near) {
      rx.link.voiceStarted(nowMs)
      conversation.voiceStarted(nowMs, near)
    },
    onSound: (sound) => conversation.callerSounds?.(sound),
    onNear: (nowMs) => conversation.voiceIsNear?.(nowMs),
    onFailed: () => rx.link.voiceUnknown(),
    onStopped(nowMs, endedMs, own) {
      rx.link.voiceStopped(nowMs, endedMs)
      conversation.voiceStopped(endedMs, own)
    },
  })
  return voice
}
