import { createVoicedWords, type LoopbackPeer } from '@kav/core/testing'

/** Scribe: words while there is voice, committed after half a second of silence, or with the last chunk. */
export function scribeListener(peer: LoopbackPeer, said: readonly string[]): void {
  let begun = false
  let committed = false
  const heard = createVoicedWords({
    said,
    onWords(text) {
      begun = true
      peer.send({ message_type: 'partial_transcript', text })
    },
    onEnd(text) {
      begun = false
      committed = true
      peer.send({ message_type: 'committed_transcript', text })
    },
  })
  peer.send({ message_type: 'session_started', session_id: 'loopback', config: {} })
  peer.onMessage(({ audio_base_64, commit }) => {
    heard.hear(Buffer.from(audio_base_64, 'base64'))
    if (commit !== true) return
    committed = false
    heard.end()
    if (!committed && !begun)
      peer.send({ message_type: 'commit_throttled', error: 'less than 0.3 s of audio to commit' })
  })
}
