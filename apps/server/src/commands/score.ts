import { deriveEvents, panelLines, scorePanel, segmentVoice } from '@kav/core/panel'
import { type NamedEvent, nameByWords, readRecordWords } from '../score/record-words.ts'
import { readStereoFile } from '../score/stereo-file.ts'

export interface ScoreOptions {
  /** The record that Kav keeps of the call: its words say what the caller's voice was. */
  readonly events?: string
  readonly json?: boolean
  /** The caller is right, the agent left. */
  readonly swap?: boolean
}

/**
 * `kav score`: how the agent of a stereo recording takes turns. Exit code 0 once the panel is printed, whatever it
 * says. Throws `UnusableFile` (exit code 2) for a file that cannot be used.
 */
export async function score(
  file: string,
  options: ScoreOptions,
  print: (line: string) => void,
): Promise<number> {
  const sound = await readStereoFile(file)
  const words = options.events === undefined ? undefined : await readRecordWords(options.events)
  const [callerSide, agentSide] = options.swap ? [sound.right, sound.left] : [sound.left, sound.right]
  const durationMs = (sound.left.length / sound.sampleRateHz) * 1000
  const callerVoice = segmentVoice(callerSide, sound.sampleRateHz)
  const agent = segmentVoice(agentSide, sound.sampleRateHz)
  const events = deriveEvents(callerVoice, agent, durationMs)
  const caller = nameByWords(events, words ?? { said: [], interruptedMs: [] })
  const panel = scorePanel({ caller, agent, durationMs })
  if (options.json) {
    print(JSON.stringify({ file, panel, caller, agent }, null, 2))
    return 0
  }
  print(`${file}: ${(durationMs / 1000).toFixed(1)} s, caller ${options.swap ? 'right' : 'left'}`)
  for (const line of panelLines(panel)) print(`  ${line}`)
  print(`\n${derivation(caller).join('\n')}`)
  return 0
}

/** Nobody labelled the recording: what the kinds of the caller's sounds were taken from. */
function derivation(caller: readonly NamedEvent[]): readonly string[] {
  const bySound = caller.filter(({ by }) => by === 'sound')
  const kinds = [...new Set(bySound.map(({ kind }) => kind))].map(
    (kind) => `${bySound.filter((event) => event.kind === kind).length} ${kind}`,
  )
  return [
    ...(caller.length === 0
      ? ['no voice of a caller was found (is the caller on the other side? --swap)']
      : []),
    ...(bySound.length > 0
      ? [`derived from the sound alone, not from words: ${kinds.join(', ')} of ${caller.length} events`]
      : []),
    ...(bySound.length > 0
      ? ['vocal tics and speech not to the agent cannot be told from turns by sound']
      : []),
    ...(caller.some(({ noTimeToAnswer }) => noTimeToAnswer)
      ? ['the recording ends less than 2 s after the last words: a missing answer to them is not counted']
      : []),
  ]
}
