/**
 * By what it is known where a sound is: the times of its `words`, those of `keys`, or that of the whole `utterance` in
 * which something was said.
 */
export type SoundBy = 'words' | 'keys' | 'utterance'

/** Sound in which something was said, or pressed, that must not be heard. Times of the call. */
export interface PrivateSound {
  readonly who: 'caller' | 'agent'
  readonly kind: string
  readonly from_ms: number
  /** Absent: until the agent's turn is over. */
  readonly to_ms?: number
  readonly turn?: number
  readonly by: SoundBy
  /** Of the agent: its number. What is told of the same number again is where the sound was, once it was heard. */
  readonly sound?: number
  /** It will be told again. */
  readonly isOpen?: boolean
}

/** When a piece of a text was heard; `undefined`: not known. */
export type SoundOf = (piece: { readonly start: number; readonly end: number }) => HeardSound | undefined

export interface HeardSound {
  readonly fromMs: number
  readonly toMs: number
  /** By the times of its words; else it is that of the clause. */
  readonly byWords: boolean
}

/**
 * Sounds of the caller, each told once. The same words come as partials, as a final and as a turn. The final knows
 * their times, so what the others found waits for it: it is told when no final has said so, or none comes any more.
 */
export interface OwedSounds {
  partial(text: string, sounds: readonly PrivateSound[]): void
  final(event: string, sounds: readonly PrivateSound[]): void
  /** `again`: it stands in place of the turn before. */
  turn(again: boolean, sounds: readonly PrivateSound[]): void
  pressed(sound: PrivateSound): void
  /** Nothing more will be said. */
  over(): void
}

type Counts = ReadonlyMap<string, number>

const NONE: readonly PrivateSound[] = []

export function createOwedSounds(onSound: (sound: PrivateSound) => void): OwedSounds {
  return new Owed(onSound)
}

class Owed implements OwedSounds {
  readonly #onSound: (sound: PrivateSound) => void
  /** What finals and keys have told of since the last turn, and before it. */
  #told = NONE
  #toldBefore = NONE
  #owed = NONE
  /** A partial stands that no final has closed. */
  #open = false
  /** A turn has ended with it. */
  #late = false

  constructor(onSound: (sound: PrivateSound) => void) {
    this.#onSound = onSound
  }

  partial(text: string, sounds: readonly PrivateSound[]): void {
    this.#open = text.trim() !== ''
    // Of digits that may become a card it tells nothing: the card will.
    this.#owe(sounds.filter(({ kind }) => kind !== 'digits'))
  }

  final(event: string, sounds: readonly PrivateSound[]): void {
    if (event === 'words_overheard') {
      if (hasAll(countsOf([...this.#toldBefore, ...this.#told]), countsOf(sounds))) return
      return this.#open ? this.#owe(sounds) : this.#tell(sounds)
    }
    this.#settle(sounds)
    this.#open = false
    if (this.#late) this.#toldBefore = [...this.#toldBefore, ...sounds]
    else this.#told = [...this.#told, ...sounds]
    this.#late = false
    this.#tell(sounds)
  }

  turn(again: boolean, sounds: readonly PrivateSound[]): void {
    // Keys in a turn were pressed; in a final somebody reads them out.
    const said = sounds.filter(({ kind }) => kind !== 'key')
    const known = countsOf(again ? [...this.#toldBefore, ...this.#told] : this.#told)
    if (!hasAll(known, countsOf(said))) {
      if (this.#open) this.#owe(said)
      else this.#tell(said)
    }
    this.#late = this.#open
    if (!again) this.#toldBefore = this.#told
    this.#told = NONE
  }

  pressed(sound: PrivateSound): void {
    this.#onSound(sound)
    this.#told = [...this.#told, sound]
  }

  over(): void {
    this.#settle(NONE)
  }

  #tell(sounds: readonly PrivateSound[]): void {
    for (const sound of joined(sounds)) this.#onSound(sound)
  }

  #owe(sounds: readonly PrivateSound[]): void {
    const groups = new Set(sounds.map(groupOf))
    const all = [...sounds, ...this.#owed.filter((sound) => !groups.has(groupOf(sound)))]
    const from_ms = Math.min(...[...all, ...this.#owed].map((sound) => sound.from_ms))
    this.#owed = all.map((sound) => ({ ...sound, from_ms }))
  }

  #settle(sounds: readonly PrivateSound[]): void {
    if (!hasAll(countsOf(sounds), countsOf(this.#owed))) this.#tell(this.#owed)
    this.#owed = NONE
  }
}

/** A card in pieces is digits at first. */
function groupOf({ kind }: PrivateSound): string {
  return kind === 'digits' ? 'card' : kind
}

function countsOf(sounds: readonly PrivateSound[]): Counts {
  const counts = new Map<string, number>()
  for (const sound of sounds) {
    const group = groupOf(sound)
    counts.set(group, (counts.get(group) ?? 0) + 1)
  }
  return counts
}

function hasAll(known: Counts, wanted: Counts): boolean {
  return [...wanted].every(([kind, count]) => (known.get(kind) ?? 0) >= count)
}

/** Nothing is left to be heard between two that are nearer. */
const JOIN_MS = 600

/** One sound of those that lie over each other, or nearly. */
function joined(sounds: readonly PrivateSound[]): readonly PrivateSound[] {
  const all: PrivateSound[] = []
  for (const sound of sounds.toSorted((one, other) => one.from_ms - other.from_ms)) {
    const last = all.at(-1)
    if (last === undefined || sound.from_ms > last.to_ms! + JOIN_MS) all.push(sound)
    else all[all.length - 1] = { ...last, to_ms: Math.max(last.to_ms!, sound.to_ms!) }
  }
  return all
}
