import type { LoopbackPeer } from '@kav/core/testing'

/** So much audio makes a word. */
const BYTES_PER_WORD = 800

/** Scribe: a word for every tenth of a second, committed with all of them at the last chunk. */
export function scribeListener(peer: LoopbackPeer, said: string): void {
  const words = said.split(' ')
  let bytes = 0
  let told = 0
  peer.send({ message_type: 'session_started', session_id: 'loopback', config: {} })
  peer.onMessage(({ audio_base_64, commit }) => {
    bytes += Buffer.from(audio_base_64, 'base64').length
    const heard = Math.min(words.length, Math.floor(bytes / BYTES_PER_WORD))
    if (heard > told) peer.send({ message_type: 'partial_transcript', text: words.slice(0, heard).join(' ') })
    told = heard
    if (commit !== true) return
    if (bytes > 0) peer.send({ message_type: 'committed_transcript', text: said })
    else peer.send({ message_type: 'commit_throttled', error: 'less than 0.3 s of audio to commit' })
  })
}
