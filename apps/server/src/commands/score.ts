import {
  deriveEvents,
  findLeak,
  type Leak,
  leakedFrames,
  panelLines,
  scorePanel,
  segmentLevels,
  soundsSame,
} from '@kav/core/panel'
import { nameByWords, readRecordWords } from '../score/record-words.ts'
import { scoreNotes } from '../score/score-notes.ts'
import { readStereoFile } from '../score/stereo-file.ts'
import { UnusableFile } from '../score/unusable-file.ts'

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
  const { leftDb, rightDb, durationMs } = await readStereoFile(file)
  if (soundsSame(leftDb, rightDb))
    throw new UnusableFile(
      file,
      'both channels hold the same sound: caller and agent were mixed, and cannot be told apart; record each on its own',
    )
  const words = options.events === undefined ? undefined : await readRecordWords(options.events)
  const [callerDb, agentDb] = options.swap ? [rightDb, leftDb] : [leftDb, rightDb]
  const leaks = { agent: findLeak(agentDb, callerDb), caller: findLeak(callerDb, agentDb) }
  const callerVoice = voiceIn(callerDb, agentDb, leaks.agent)
  const agent = voiceIn(agentDb, callerDb, leaks.caller)
  const events = deriveEvents(callerVoice, agent, durationMs)
  const caller = nameByWords(events, words ?? { said: [], interruptedMs: [] })
  const panel = scorePanel({ caller, agent, durationMs })
  const notes = scoreNotes({ caller, agent, durationMs, leaks, words })
  if (options.json) {
    print(JSON.stringify({ file, panel, caller, agent, notes }, null, 2))
    return 0
  }
  print(`${file}: ${(durationMs / 1000).toFixed(1)} s, caller ${options.swap ? 'right' : 'left'}`)
  for (const line of panelLines(panel)) print(`  ${line}`)
  if (notes.length > 0) print(`\n${notes.join('\n')}`)
  return 0
}

/** The voice of one channel, without what the other one is heard in it. */
function voiceIn(levelsDb: Float64Array, othersDb: Float64Array, leak: Leak | undefined) {
  return segmentLevels(levelsDb, leak ? { notOwn: leakedFrames(othersDb, levelsDb, leak) } : {})
}
