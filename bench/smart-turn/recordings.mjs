// Recorded people, whole and cut where they pause: from Debian packages, which are taken apart and not installed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readWav } from '../../packages/core/dist/index.js'

const FRAME_MS = 20
/** Softer than this beside the loudest of the recording is a pause. */
const PAUSE_SHARE = 0.03
const LEAST_PAUSE_FRAMES = 3
const LEAST_BEFORE_FRAMES = 25
const LEAST_AFTER_FRAMES = 20

/** Takes a package apart in the cache, once; throws where apt has none. */
function unpackDebian(name, cache) {
  const folder = join(cache, name)
  if (existsSync(join(folder, 'usr'))) return folder
  mkdirSync(folder, { recursive: true })
  const options = { cwd: folder, encoding: 'utf8', timeout: 120_000 }
  spawnSync('apt-get', ['download', '-q', name], options)
  const file = readdirSync(folder).find((entry) => entry.endsWith('.deb'))
  if (file === undefined) throw new Error(`apt-get download ${name} gives no package here`)
  spawnSync('dpkg-deb', ['-x', file, '.'], options)
  return folder
}

/**
 * Telephone prompts of one sentence and four words or more, 8 kHz: `{ name, words, samples }`, loud part only. One voice
 * (Allison Smith, CC-BY-SA-3.0), read by a professional.
 */
export function telephonePrompts(cache) {
  const sounds = join(
    unpackDebian('asterisk-core-sounds-en-wav', cache),
    'usr/share/asterisk/sounds/en_US_f_Allison',
  )
  const texts = unpackDebian('asterisk-core-sounds-en', cache)
  const transcript = gunzipSync(
    readFileSync(join(texts, 'usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz')),
  ).toString()
  return transcript
    .split('\n')
    .flatMap((line) => /^([\w/-]+):\s*(.*\S)\s*$/.exec(line) ?? [])
    .flatMap((_, at, parts) => (at % 3 === 0 ? [{ name: parts[at + 1], words: parts[at + 2] }] : []))
    .filter(({ words }) => isOneSentence(words))
    .filter(({ name }) => existsSync(join(sounds, `${name}.wav`)))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((one) => ({ ...one, ...recordingAt(join(sounds, `${one.name}.wav`)) }))
}

function isOneSentence(words) {
  return /^[^.!?[\]]+[.!?]$/.test(words) && words.split(/\s+/).length >= 4
}

/** Sentences at 16 kHz: readers of LibriVox (public domain) and spoken commands. */
export function widebandSentences(cache) {
  const data = join(unpackDebian('pocketsphinx-testdata', cache), 'usr/share/pocketsphinx/test/data')
  return ['librivox', 'cards'].flatMap((folder) =>
    readdirSync(join(data, folder))
      .filter((file) => file.endsWith('.wav'))
      .map((file) => ({ name: `${folder}/${file}`, ...recordingAt(join(data, folder, file)) })),
  )
}

function recordingAt(path) {
  const { audio, format } = readWav(readFileSync(path))
  return loudPart(new Int16Array(new Uint8Array(audio).buffer), format.sampleRateHz)
}

function loudPart(samples, sampleRateHz) {
  const size = (sampleRateHz * FRAME_MS) / 1000
  const isLoud = loudFrames(samples, size)
  const [first, last] = [isLoud.indexOf(true), isLoud.lastIndexOf(true)]
  return {
    sampleRateHz,
    samples: samples.subarray(Math.max(0, first - 5) * size, (last + 1) * size),
  }
}

function loudFrames(samples, size) {
  const levels = Array.from({ length: Math.floor(samples.length / size) }, (_, frame) =>
    Math.sqrt(
      samples.subarray(frame * size, (frame + 1) * size).reduce((sum, one) => sum + one * one, 0) / size,
    ),
  )
  const loudest = [...levels].sort((a, b) => a - b)[Math.floor(levels.length * 0.95)]
  return levels.map((level) => level > Math.max(30, PAUSE_SHARE * loudest))
}

/** Where it can be cut: beginnings of pauses of 60 ms and more, in samples, the one nearest to the middle first. */
export function pausesOf({ samples, sampleRateHz }) {
  const size = (sampleRateHz * FRAME_MS) / 1000
  const isLoud = loudFrames(samples, size)
  const pauses = []
  for (let frame = LEAST_BEFORE_FRAMES; frame < isLoud.length - LEAST_AFTER_FRAMES; frame++) {
    if (isLoud[frame] || !isLoud[frame - 1]) continue
    const end = isLoud.indexOf(true, frame)
    if (end - frame >= LEAST_PAUSE_FRAMES && isLoud.length - end >= LEAST_AFTER_FRAMES) pauses.push(frame)
  }
  const middle = isLoud.length / 2
  return pauses.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).map((frame) => frame * size)
}
