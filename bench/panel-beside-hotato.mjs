// Our verdicts on interruptions and backchannels beside those of hotato (PyPI, MIT), on the same stereo recordings.
//
//   node bench/panel-beside-hotato.mjs
//
// Each recording is made of recorded speech: an agent that speaks without a pause and stops at a known time, and a caller
// who begins at 3 s. Both tools get the file and when the caller begins; truth is what the recording was made from.
// hotato is installed in .cache/hotato-venv; where pip cannot, the comparison is left out and says so.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeMulaw, encodeMulaw, readWav, writeWav } from '../packages/core/dist/index.js'
import { PANEL_WINDOWS, scorePanel, segmentVoice } from '../packages/core/dist/panel/index.js'

const HOTATO = 'hotato==1.20.0'
const HZ = 8000
const ONSET_MS = 3000
const DURATION_MS = 9000

/** What the agent does after the caller's first word, by what the caller says. */
const CASES = [
  ...[100, 300, 600, 1000, 1500, 1900].map((ms) => ({
    name: `stops after ${ms} ms`,
    says: 3000,
    stopMs: ms,
  })),
  { name: 'stops after 2400 ms', says: 3000, stopMs: 2400 },
  { name: 'never stops', says: 3000 },
  { name: 'a hole of 120 ms', says: 3000, stopMs: 500, againMs: 620 },
  { name: 'a hole of 500 ms', says: 3000, stopMs: 500, againMs: 1000 },
  { name: 'goes on through "mm-hm"', says: 400 },
  { name: 'stops at "mm-hm"', says: 400, stopMs: 300 },
  { name: 'stops at "mm-hm", late', says: 400, stopMs: 800, againMs: 2500 },
]

const python = installed()
if (python === undefined) process.exit(0)
const folder = mkdtempSync(join(tmpdir(), 'kav-hotato-'))
try {
  compare()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function compare() {
  const agentSpeech = withoutPauses('tt-weasels')
  const callerSpeech = withoutPauses('something-terribly-wrong')
  const rows = CASES.flatMap((made) => [false, true].map((mulaw) => ({ ...made, mulaw }))).map((made) => {
    const file = join(folder, 'call.wav')
    const stereo = stereoOf(made, agentSpeech, callerSpeech)
    writeFileSync(file, made.mulaw ? mulawFile(stereo) : pcmFile(stereo))
    return { ...made, ours: ourVerdict(readWav(readFileSync(file))), theirs: theirVerdict(file) }
  })
  console.log('recording                            truth      Kav        hotato')
  for (const { name, mulaw, stopMs, ours, theirs } of rows)
    console.log(
      `${`${name}${mulaw ? ', mu-law' : ''}`.padEnd(36)} ${told(stopMs)} ${told(ours)} ${told(theirs)}${(ours === undefined) === (theirs === undefined) ? '' : '  ≠'}`,
    )
  const agree = rows.filter(({ ours, theirs }) => (ours === undefined) === (theirs === undefined))
  const apartMs = agree.flatMap(({ ours, theirs }) => (ours === undefined ? [] : [Math.abs(ours - theirs)]))
  console.log(
    `\nsame verdict on ${agree.length} of ${rows.length}; times at most ${Math.max(...apartMs)} ms apart`,
  )
  console.log('hotato looks for a stop for 3 s, the panel for 2 s from words and 1 s from a backchannel.')
}

function told(ms) {
  return (ms === undefined ? 'speaks on' : `${Math.round(ms)} ms`).padEnd(10)
}

/** When the agent stopped after the caller began, ms; `undefined` when the panel says that it did not. */
function ourVerdict({ audio, format }) {
  const pcm = new Int16Array(audio.buffer.slice(audio.byteOffset, audio.byteOffset + audio.length))
  const samples = format.encoding === 'mulaw' ? decodeMulaw(audio) : pcm
  const caller = segmentVoice(
    samples.filter((_, at) => at % 2 === 0),
    HZ,
  )
  const agent = segmentVoice(
    samples.filter((_, at) => at % 2 === 1),
    HZ,
  )
  const endMs = caller.at(-1).endMs
  const kind = endMs - ONSET_MS > 1000 ? 'interruption' : 'backchannel'
  const event = { kind, startMs: ONSET_MS, endMs }
  const panel = scorePanel({ caller: [event], agent, durationMs: DURATION_MS })
  if (kind === 'interruption') return panel.timeToYield.p50Ms
  if (panel.selectivity.backchannel.rate === 1) return undefined
  const voice = agent.find((one) => one.startMs <= ONSET_MS && ONSET_MS < one.endMs)
  return voice.endMs - ONSET_MS <= PANEL_WINDOWS.selectivityWindowMs ? voice.endMs - ONSET_MS : undefined
}

function theirVerdict(file) {
  const args = [
    '-m',
    'hotato',
    'run',
    '--stereo',
    file,
    '--onset',
    String(ONSET_MS / 1000),
    '--expect',
    'yield',
  ]
  const out = execFileSync(python, [...args, '--format', 'json', '--no-fail'], { encoding: 'utf8' })
  const { verdict } = JSON.parse(out).events[0]
  return verdict.did_yield ? verdict.seconds_to_yield * 1000 : undefined
}

function stereoOf({ says, stopMs, againMs }, agentSpeech, callerSpeech) {
  const stereo = new Int16Array((2 * DURATION_MS * HZ) / 1000)
  const put = (side, speech, fromMs, toMs) => {
    for (let at = (fromMs * HZ) / 1000; at < (toMs * HZ) / 1000; at++)
      stereo[2 * at + side] = speech[at % speech.length]
  }
  put(0, callerSpeech, ONSET_MS, ONSET_MS + says)
  put(1, agentSpeech, 500, stopMs === undefined ? DURATION_MS - 500 : ONSET_MS + stopMs)
  if (againMs !== undefined) put(1, agentSpeech, ONSET_MS + againMs, DURATION_MS - 500)
  return stereo.map((sample, at) => sample + (at % 7) - 3)
}

function pcmFile(stereo) {
  return writeWav({ encoding: 'linear16', sampleRateHz: HZ }, 2, new Uint8Array(stereo.buffer))
}

/** What a phone line leaves of it, in a file that hotato can read. */
function mulawFile(stereo) {
  return pcmFile(decodeMulaw(encodeMulaw(stereo)))
}

function withoutPauses(name) {
  const wav = readWav(readFileSync(new URL(`../packages/phone/audio/${name}.wav`, import.meta.url)))
  if (wav.format.encoding !== 'linear16' || wav.format.sampleRateHz !== HZ)
    throw new Error(`${name}: ${wav.format.encoding} at ${wav.format.sampleRateHz} Hz`)
  const samples = new Int16Array(
    wav.audio.buffer.slice(wav.audio.byteOffset, wav.audio.byteOffset + wav.audio.length),
  )
  const pieces = segmentVoice(samples, HZ, { joinGapMs: 50 })
  return Int16Array.from(
    pieces.flatMap(({ startMs, endMs }) => [...samples.subarray((startMs * HZ) / 1000, (endMs * HZ) / 1000)]),
  )
}

function installed() {
  const venv = fileURLToPath(new URL('../.cache/hotato-venv', import.meta.url))
  const own = join(venv, 'bin', 'python')
  try {
    if (!existsSync(own)) execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' })
    execFileSync(own, ['-m', 'pip', 'install', '--quiet', HOTATO], { stdio: 'pipe' })
    return own
  } catch (error) {
    console.log(
      `left out: hotato cannot be installed (${String(error.stderr ?? error.message)
        .trim()
        .split('\n')
        .at(-1)})`,
    )
    return undefined
  }
}
