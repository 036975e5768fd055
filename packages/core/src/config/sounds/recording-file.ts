import { createSampleDecoder } from '../../audio/convert.ts'
import { readWav } from '../../audio/wav.ts'
import { messageOf } from '../../contracts/errors.ts'
import { readRegularFile } from '../../kit/read-regular-file.ts'

/** What a file with sound is for, and what is said of one that does not fit. */
export interface RecordingKind {
  readonly minMs: number
  readonly maxMs: number
  /** Said of a longer one. */
  readonly longest: string
  /** What helps against one that is too short, and against a silent one. */
  readonly tooShort: string
  readonly silent: string
}

export interface Recording {
  /** One channel: several are mixed. */
  readonly samples: Int16Array
  readonly sampleRateHz: number
}

const MIN_RATE_HZ = 4000
const MAX_RATE_HZ = 192_000
const MAX_FILE_BYTES = 16 * 1024 * 1024
/** Quieter than this, nobody hears anything: one part in a hundred of full scale. */
const MIN_PEAK = 328

/** `~/a.wav`, `$HOME/a.wav`, `%USERPROFILE%\\a.wav`: as a shell takes them. */
const SHELL_PART = /(?:^|[/\\])(?:~|\$\w{1,64}|%\w{1,64}%)[/\\]/

const HOW = 'save it as a WAV file of 16-bit PCM'

/** Reads a file that a pipeline names. Returns the sound, or what is wrong with the file and what helps. Never throws. */
export async function readRecording(file: string, kind: RecordingKind): Promise<Recording | string> {
  const bytes = await readBytes(file, kind)
  return typeof bytes === 'string' ? bytes : decode(bytes, kind)
}

async function readBytes(file: string, kind: RecordingKind): Promise<Uint8Array | string> {
  try {
    return await readRegularFile(file, MAX_FILE_BYTES)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EISDIR') return 'this is a directory; name a WAV file'
    if (code === 'ENOTREG' || code === 'ENXIO') return 'this is not a regular file; name a WAV file'
    if (code === 'EFBIG') return `the file is larger than 16 MB; ${kind.longest}`
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return SHELL_PART.test(file)
        ? 'there is no such file: what a shell fills in ("~", "$NAME", "%NAME%") is not filled in here; write the whole path, or "${HOME}/…"'
        : 'there is no such file; a path here begins at the place of the pipeline file'
    if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read; check its permissions'
    return `the file cannot be read (${String(code ?? messageOf(error))})`
  }
}

function decode(bytes: Uint8Array, kind: RecordingKind): Recording | string {
  let wav
  try {
    wav = readWav(bytes)
  } catch (error) {
    return `${messageOf(error)}; ${HOW}`
  }
  const { sampleRateHz } = wav.format
  if (sampleRateHz < MIN_RATE_HZ || sampleRateHz > MAX_RATE_HZ)
    return `a rate of ${sampleRateHz} Hz is no recording of speech; ${HOW} at 8000 Hz`
  const samples = mixed(createSampleDecoder(wav.format).decode(wav.audio), wav.channels).slice()
  const lengthMs = Math.round((samples.length * 1000) / sampleRateHz)
  if (lengthMs > kind.maxMs) return `lasts ${lengthMs} ms; ${kind.longest}, make it shorter`
  if (lengthMs < kind.minMs) return `lasts ${lengthMs} ms, ${kind.tooShort}`
  if (samples.every((sample) => Math.abs(sample) < MIN_PEAK)) return `is silent; ${kind.silent}`
  return { samples, sampleRateHz }
}

/** The mean of all channels. */
function mixed(samples: Int16Array, channels: number): Int16Array {
  if (channels === 1) return samples
  const mono = new Int16Array(Math.floor(samples.length / channels))
  for (let at = 0; at < mono.length; at++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += samples[at * channels + channel]!
    mono[at] = Math.round(sum / channels)
  }
  return mono
}
