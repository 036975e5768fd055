import { asProviderError, type AudioFormat, type PluginContext } from '@kav/core'
import { everyBackchannel, meaningfulWords, type PluginLoader } from '@kav/core/host'
import { type Clip, createClip } from '@kav/phone'

/** Speaks what a scripted caller says, as clips for the phone. */
export interface CallerVoice {
  /** The same text gives the same clip. */
  say(text: string): Promise<Clip>
  /** Voice without words, so long. */
  murmur(ms: number): Promise<Clip>
  close(): Promise<void>
}

const PLUGIN = '@kav/plugin-local'
/** The one that the local recogniser understands best, and not the local agent's own. */
const VOICE = 'awb'
const BYTES_PER_MS = 8

/** The caller of live conversations: the local voice, English only. Throws when it cannot be had. */
export async function openCallerVoice(loader: PluginLoader, context: PluginContext): Promise<CallerVoice> {
  const load = await loader.load(PLUGIN, 'tts', context.baseDir)
  if (!load.ok) throw new Error(`the caller’s voice: ${load.message}`)
  if (load.plugin.kind !== 'tts') throw new Error(`the caller’s voice: ${PLUGIN} has no tts`)
  const params = { voice: VOICE, speed: 1, workers: 1, max_waiting: 10 }
  const provider = load.plugin.create(params, context)
  const clips = new Map<string, Clip>()

  async function say(text: string): Promise<Clip> {
    const known = clips.get(text)
    if (known) return known
    const format: AudioFormat = provider.produces[0]!
    const pieces: Buffer[] = []
    try {
      const request = { callId: 'caller', text, format }
      for await (const piece of provider.speak(request, new AbortController().signal))
        pieces.push(Buffer.from(Uint8Array.from(piece)))
    } catch (thrown) {
      throw asProviderError(thrown, `the caller’s voice: ${text}`)
    }
    const meant = meaningfulWords(text, everyBackchannel()) > 0 ? 'words' : 'backchannel'
    const clip: Clip = { ...createClip(text, Buffer.concat(pieces), format), meant }
    clips.set(text, clip)
    return clip
  }

  return {
    say,
    async murmur(ms) {
      const { mulaw, voicedStartMs, voicedEndMs } = await say('hmm, there was a noise over there in the hall')
      const voiced = mulaw.slice(voicedStartMs * BYTES_PER_MS, voicedEndMs * BYTES_PER_MS)
      // Backwards it is voice and no words.
      return {
        ...createClip('murmur', voiced.reverse().slice(0, ms * BYTES_PER_MS)),
        meant: 'vocal-tic',
      }
    },
    close: () => provider.close(),
  }
}
