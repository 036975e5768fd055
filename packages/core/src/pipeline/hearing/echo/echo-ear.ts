import type { AudioFormat } from '../../../contracts/audio.ts'
import type { CallTap } from '../../call-tap.ts'
import { BandMeter } from './band-meter.ts'
import { CELL_MS } from './band-ring.ts'
import { HOP, MAX_DELAY_MS, MAX_HOPS, searchDelay } from './delay-search.ts'
import { EchoPath } from './echo-path.ts'
import { HeardSound } from './heard-sound.ts'
import { PlayedVoice } from './played-voice.ts'
import { VoiceLog } from './voice-log.ts'

/**
 * Hears the agent's own voice come back. As a tap it gets both directions; the voice watch asks it about each window
 * of the detector. Nothing is looked for while the agent is silent, or while nobody's voice is heard over it.
 */
export interface EchoEar extends CallTap {
  /**
   * One window, in order. `heardMs`: where it ends in the sound of the caller's side; `voiced`: there is a voice in it.
   * `own`: it is the agent's, and no more; `found`: so is the voice that was taken for somebody else's until now.
   */
  judge(heardMs: number, windowMs: number, voiced: boolean): 'own' | 'found' | 'other'
  /** What was heard in the last so many milliseconds. */
  heard(lastMs: number): EchoHeard
}

/** How long voices were heard. */
export interface EchoHeard {
  /** The agent's own alone. */
  readonly ownMs: number
  /** Anybody else's. */
  readonly othersMs: number
  /** The voice that goes on is much like what was played, and may yet be found to be the agent's. */
  readonly likely: boolean
}

export interface FoundEcho {
  readonly delayMs: number
  /** Of the loudest band, against what was sent. */
  readonly levelDb: number
}

/** Such a stretch of voice at least is looked for; the shorter it is, the more alike it must be. */
const MIN_HOPS = 24
const SURE_HOPS = 60
const SCORE_OF_SHORT = 0.92
const SCORE_OF_LONG = 0.83
/** So much alike, and by so much less at other delays, is worth waiting for the next search. */
const LIKELY_SCORE = 0.8
const LIKELY_AHEAD = 0.05
/** By so much less alike must be every other delay. */
const AHEAD = 0.1
const SEARCH_EVERY = 3
/** Two searches in a row that find the same delay, to so many cells, are right. */
const SAME_CELLS = 2
/** A delay that is known changes seldom: another one must be found in so much. */
const OTHER_DELAY_HOPS = 36
/** Windows of a voice that is somebody else's; after that it is looked for now and then. */
const DOUBTS = 60
const DOUBTS_EVERY = 16
/** A pause of so many windows ends a voice. */
const PAUSE = 6
/** What is still known of the sound. */
const MAX_WINDOWS = 38
/** A voice is the agent's own that is an echo in this share of its windows. */
const OWN_SHARE = 0.7
/** A louder "echo" is none. */
const MAX_LEVEL_DB = 6
/** What is not worth telling of. */
const SAME_DELAY_MS = 20

/** @returns `undefined` for a format whose sound cannot be measured (a rate that is no multiple of 1 kHz). */
export function createEchoEar(format: AudioFormat, onFound: (echo: FoundEcho) => void): EchoEar | undefined {
  return BandMeter.takes(format) ? new Ear(format, onFound) : undefined
}

/** A class: both directions of every call pass through. */
class Ear implements EchoEar {
  readonly #format: AudioFormat
  readonly #onFound: (echo: FoundEcho) => void
  readonly #heard: HeardSound
  readonly #log = new VoiceLog()
  /** Made with the first frame that is sent. */
  #played: PlayedVoice | undefined
  #path: EchoPath | undefined
  /** What the last search found, where one is not enough. */
  #candidate = Number.NaN
  #likely = false
  #toldMs = -Infinity
  #windowCells = 8
  /** The voice that goes on, whosever; and in it the voice that is not known to be the agent's. */
  readonly #voice = new VoiceRun()
  readonly #other = new VoiceRun()

  constructor(format: AudioFormat, onFound: (echo: FoundEcho) => void) {
    this.#format = format
    this.#onFound = onFound
    this.#heard = new HeardSound(format)
  }

  onCallerAudio(audio: Uint8Array, nowMs: number): void {
    this.#heard.push(audio, nowMs)
  }

  onAgentFrame(frame: Uint8Array, playAtMs: number): void {
    this.#played ??= new PlayedVoice(this.#format)
    this.#played.push(frame, playAtMs)
  }

  onCleared(nowMs: number): void {
    this.#played?.cleared(nowMs)
  }

  close(): void {}

  judge(heardMs: number, windowMs: number, voiced: boolean): 'own' | 'found' | 'other' {
    const to = Math.floor(heardMs / CELL_MS)
    this.#windowCells = Math.round(windowMs / CELL_MS)
    const from = to - this.#windowCells
    if (!this.#heard.ring.holds(from)) return 'other'
    this.#heard.learnNoise(from, to)
    const own = this.#isOwn(from, to)
    this.#log.add(voiced, own)
    this.#voice.add(voiced)
    this.#other.add(voiced && !own)
    if (this.#other.windows <= 1) this.#likely = false
    if (voiced && !own) return this.#isFound(to) ? 'found' : 'other'
    return own ? 'own' : 'other'
  }

  heard(lastMs: number): EchoHeard {
    const windowMs = this.#windowCells * CELL_MS
    const windows = Math.round(lastMs / windowMs)
    return {
      ownMs: this.#log.own(windows) * windowMs,
      othersMs: this.#log.others(windows) * windowMs,
      likely: this.#likely,
    }
  }

  #isOwn(from: number, to: number): boolean {
    const path = this.#path
    if (path === undefined || !this.#mayEcho(to)) return false
    this.#played!.reach(to + path.shift + HOP)
    const own = path.explains(from, to)
    if (own) path.learn()
    return own && path.sounds(from, to)
  }

  /** What is heard there may have been played within the longest delay. */
  #mayEcho(to: number): boolean {
    const played = this.#played
    return played !== undefined && to + this.#heard.offsetCells - MAX_DELAY_MS / CELL_MS < played.lastCell
  }

  /** Whether the voice that goes on up to there is the agent's own after all. */
  #isFound(to: number): boolean {
    const windows = this.#other.windows
    const every = windows < DOUBTS ? SEARCH_EVERY : DOUBTS_EVERY
    if (windows % every !== 0 || !this.#mayEcho(to)) return false
    const hops = this.#hopsIn(windows)
    if (hops >= MIN_HOPS) return this.#search(to, Math.min(MAX_HOPS, hops))
    // An echo that comes later than it did is like the one that is known, now and then.
    const inVoice = Math.min(OTHER_DELAY_HOPS, this.#hopsIn(this.#voice.windows))
    return this.#path !== undefined && inVoice >= OTHER_DELAY_HOPS && this.#search(to, inVoice)
  }

  #hopsIn(windows: number): number {
    return Math.floor((windows * this.#windowCells) / HOP)
  }

  #search(to: number, hops: number): boolean {
    const played = this.#played!
    const from = to - hops * HOP
    played.reach(to + this.#heard.offsetCells + HOP * HOP)
    const { shift, score, otherScore } = searchDelay(this.#heard, played, from, hops)
    this.#likely = score >= LIKELY_SCORE && score >= otherScore + LIKELY_AHEAD
    if (score < neededScore(hops) || score < otherScore + AHEAD || !this.#isSure(shift, hops)) return false
    const path = new EchoPath(this.#heard, played, shift)
    path.measure(from, to)
    if (path.levelDb > MAX_LEVEL_DB) return false
    this.#path = path
    this.#likely = false
    this.#tell(path)
    return this.#judgeAnew(path, to)
  }

  /** A short stretch may be like another by chance; two hardly ever at the same delay. */
  #isSure(shift: number, hops: number): boolean {
    const again = Math.abs(shift - this.#candidate) <= SAME_CELLS
    this.#candidate = shift
    if (this.#path === undefined) return again || hops >= SURE_HOPS
    if (Math.abs(shift - this.#path.shift) > SAME_CELLS) return again && hops >= OTHER_DELAY_HOPS
    // Only of a voice that it does not explain may a known echo be measured anew.
    return again && hops <= this.#hopsIn(this.#other.windows)
  }

  /** Whether the voice that was not known to be the agent's is its own by this echo. */
  #judgeAnew(path: EchoPath, to: number): boolean {
    const cells = this.#windowCells
    const windows = Math.min(this.#other.windows, MAX_WINDOWS)
    let own = 0
    for (let back = windows; back > 0; back--) {
      const end = to - (back - 1) * cells
      if (!path.explains(end - cells, end)) continue
      own++
      this.#log.isOwnAfterAll(back)
    }
    return own >= OWN_SHARE * windows
  }

  #tell({ delayMs, levelDb }: EchoPath): void {
    if (Math.abs(delayMs - this.#toldMs) < SAME_DELAY_MS) return
    this.#toldMs = delayMs
    this.#onFound({ delayMs, levelDb })
  }
}

/** Windows of a voice so far, the short pauses in it among them. */
class VoiceRun {
  windows = 0
  #pause = Infinity

  add(voiced: boolean): void {
    if (!voiced) {
      this.#pause++
      return
    }
    this.windows = this.#pause > PAUSE ? 1 : this.windows + 1 + this.#pause
    this.#pause = 0
  }
}

function neededScore(hops: number): number {
  const share = Math.min(1, (hops - MIN_HOPS) / (SURE_HOPS - MIN_HOPS))
  return SCORE_OF_SHORT + share * (SCORE_OF_LONG - SCORE_OF_SHORT)
}
