import { currentToken } from '../session/token.ts'
import { MULAW_SAMPLES } from './mulaw.ts'
import workletUrl from './listen-worklet.ts?worker&url'

export interface Listening {
  /** Silence from here on. Twice is harmless. */
  stop(): void
}

/**
 * Plays both sides of a running call: the caller more to the left, the agent more to the right. To be begun by a click:
 * browsers play nothing else.
 * @param onEnd the call is over, or the line is lost
 */
export async function listenTo(id: string, onEnd: () => void): Promise<Listening> {
  const audio = new AudioContext({ sampleRate: 8000 })
  await audio.audioWorklet.addModule(workletUrl)
  const node = new AudioWorkletNode(audio, 'listen', { numberOfInputs: 0, outputChannelCount: [2] })
  node.connect(audio.destination)
  const socket = new WebSocket(listenUrl(id), [
    'kav.v1',
    `kav.token.${encodeURIComponent(currentToken.peek() ?? '')}`,
  ])
  socket.binaryType = 'arraybuffer'
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!(data instanceof ArrayBuffer)) return
    const { side, samples } = frameOf(new Uint8Array(data))
    node.port.postMessage({ side, samples }, [samples.buffer])
  }
  let stopped = false
  const stop = (): void => {
    if (stopped) return
    stopped = true
    socket.close()
    void audio.close()
  }
  socket.onclose = () => {
    if (stopped) return
    stop()
    onEnd()
  }
  return { stop }
}

/** 1 byte: 0 for the caller, 1 for the agent; then mu-law. */
export function frameOf(bytes: Uint8Array) {
  const samples = new Float32Array(bytes.length - 1)
  for (let at = 1; at < bytes.length; at++) samples[at - 1] = MULAW_SAMPLES[bytes[at]!]!
  return { side: bytes[0]!, samples }
}

function listenUrl(id: string): string {
  const url = new URL(`/api/calls/${encodeURIComponent(id)}/listen`, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}
