import type { LiveFinding } from '@kav/core'
import { didYouMean, finding } from '@kav/core/kit'
import { fieldsOf, textOf } from '../foreign-fields.ts'
import { answerOf, type LiveServer } from './live-server.ts'
import { quoted } from './quoted.ts'

/** Where servers with voices of their own list them; OpenAI has no such list. */
const VOICE_PATHS = ['/audio/voices', '/voices']

/** Whether the server lists the voice; nothing where it has no list of voices. */
export async function voiceFindings(
  server: LiveServer,
  voice: string | undefined,
): Promise<readonly LiveFinding[]> {
  const { host, modelsUrl, isOpenai, namesDeployments } = server.place
  if (voice === undefined || isOpenai || namesDeployments) return []
  for (const path of VOICE_PATHS) {
    const answer = await answerOf(server, modelsUrl.replace(/\/models$/, path))
    const voices = answer.thrown ? undefined : readVoices(answer.json)
    if (voices !== undefined) return [judge(host, voice, voices)]
  }
  return []
}

/** `{voices: ["af_bella"]}`, `{voices: [{id}]}`, `{data: [{voice_id}]}`, or a bare list of either. */
function readVoices(answer: unknown): readonly string[] | undefined {
  const { voices, data } = fieldsOf(answer)
  const entries = [voices, data, answer].find((value) => Array.isArray(value)) as
    readonly unknown[] | undefined
  const names = entries?.map((entry) => {
    const { id, voice_id: voiceId, name } = fieldsOf(entry)
    return textOf(entry) ?? textOf(id) ?? textOf(voiceId) ?? textOf(name)
  })
  const told = names?.filter((name) => name !== undefined)
  return told === undefined || told.length === 0 ? undefined : told
}

function judge(host: string, voice: string, voices: readonly string[]): LiveFinding {
  // Kokoro mixes voices: `af_bella+af_sky`, `af_bella(2)+af_sky(1)`.
  const parts = voice.split('+').map((part) => part.replace(/\(\d+(?:\.\d+)?\)$/, ''))
  const missing = parts.find((part) => !voices.includes(part))
  if (missing === undefined) return finding.ok(`${host} lists the voice "${voice}"`)
  const meant = didYouMean(missing, voices)
  return finding.error(
    `${host} does not list the voice "${missing}"`,
    meant === undefined
      ? `Set voice to one that is listed: ${quoted(voices)}.`
      : `Set voice to "${meant}", the nearest that is listed.`,
  )
}
