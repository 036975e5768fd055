import type { EngineCommand, EngineTold } from './engine/engine-messages.ts'
import workletUrl from './engine/phone.worklet.ts?worker&url'

/** Microphone and loudspeaker of this machine, with the engine between them. */
export interface SoundDevice {
  tell(command: EngineCommand): void
  close(): void
}

const LATENCY_EVERY_MS = 1000

/**
 * Asks for the microphone; whoever sits there may take their time to say yes.
 * @throws Error whose message says what to do
 */
export async function openMicrophone(): Promise<MediaStream> {
  if (!('mediaDevices' in navigator))
    throw new Error(
      'A browser gives the microphone to pages on https and on this machine only: open the console at 127.0.0.1 (ssh -L 9080:127.0.0.1:9080 HOST), or put TLS before it.',
    )
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    })
  } catch (error) {
    const name = error instanceof DOMException ? error.name : ''
    if (name === 'NotAllowedError')
      throw new Error('The browser was not allowed to use the microphone: allow it for this page.', {
        cause: error,
      })
    throw new Error('There is no microphone that can be used.', { cause: error })
  }
}

/** To be called by a click: browsers play nothing else. */
export async function openSoundDevice(
  microphone: MediaStream,
  seed: number,
  onTold: (told: EngineTold) => void,
): Promise<SoundDevice> {
  const audio = new AudioContext({ latencyHint: 'interactive' })
  await audio.audioWorklet.addModule(workletUrl)
  const engine = new AudioWorkletNode(audio, 'kav-phone', {
    numberOfInputs: 1,
    numberOfOutputs: 1,
    outputChannelCount: [1],
    channelCount: 1,
    channelCountMode: 'explicit',
    processorOptions: { seed },
  })
  engine.port.onmessage = ({ data }: MessageEvent<EngineTold>) => onTold(data)
  audio.createMediaStreamSource(microphone).connect(engine).connect(audio.destination)
  await audio.resume()

  const tell = (command: EngineCommand): void => {
    const bytes = command.type === 'media' ? [command.audio.buffer] : []
    engine.port.postMessage(command, bytes)
  }
  const tellLatency = (): void =>
    tell({ type: 'latency', ms: (audio.baseLatency + (audio.outputLatency || 0)) * 1000 })
  tellLatency()
  const timer = setInterval(tellLatency, LATENCY_EVERY_MS)
  return {
    tell,
    close() {
      clearInterval(timer)
      for (const track of microphone.getTracks()) track.stop()
      void audio.close()
    },
  }
}
