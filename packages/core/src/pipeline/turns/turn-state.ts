import type { CallerSound } from '../hearing/voice-watch.ts'
import type { Awaited, IdlePatience } from './idle-patience.ts'

/** What the turn rules know, hear and decide. Plain data. */

export interface TurnRulesOptions {
  /** How long after the voice stopped the turn is over, by these words and what else is known. */
  readonly waitMs: (text: string, evidence: TurnEvidence) => number
  /** Words that come while the caller is silent may be followed by more of them: so long at least. */
  readonly wordsSettleMs: number
  readonly bargeIn: {
    readonly mode: 'speech' | 'words' | 'off'
    /** Mode `speech`: voice makes the agent softer at once. */
    readonly ducks: boolean
    /** Mode `speech`: voice this long stops the agent. */
    readonly minSpeechMs: number
    /** Mode `words`: so many words that are no backchannels stop the agent. */
    readonly minWords: number
    /** Silence after a barge-in without words, after which the agent goes on. */
    readonly falseStartMs: number
    readonly backchannels: () => readonly string[]
    /** What a listener says besides over an agent that asks nothing; else it may be an answer: "yes". */
    readonly agreements: () => readonly string[]
    /** What is no word that callers say often may be half of one, where the language's words are known. */
    readonly mayBeHalf: (word: string) => boolean
    /** What is all that somebody has to say, though more may follow: "no". */
    readonly standsAlone: (text: string) => boolean
  }
  /** A reply is begun as soon as the voice stops, and kept if the turn really ended. */
  readonly preemptive: boolean
  /** How long a partial must stand before a reply is prepared on it. */
  readonly prepareAfterMs: number
  /** A key interrupts like speech does. */
  readonly keysInterrupt: boolean
  readonly idle: {
    /** What is waited for, by what the agent asked and the words of the caller's last turn. */
    readonly awaited: (lastTurn: string) => Awaited
    /** `asked`: how often the caller was, since they last said something. */
    readonly patience: (awaited: Awaited, asked: number) => IdlePatience
    /** Spoken after the last prompt, then the call ends. Empty: the call ends without a word. */
    readonly farewell: string
  }
  readonly unclear: {
    /** Said to a caller whose words the recogniser was not sure of. Empty: nothing is. */
    readonly line: string
  }
  /** Voice that goes on this long without new words is no longer believed. */
  readonly noiseAfterMs: number
  /** What the agent is saying, all of it. */
  readonly agentSaid: () => string
  /** What a caller says who asks whether anybody is there: "hello?". */
  readonly presence: () => readonly string[]
  /** The recogniser that hears the call at this moment is to say where turns end. */
  readonly sttJudges: () => boolean
  /** Whether voice events come at all; without them words alone decide. */
  readonly hasVad: boolean
}

/** What is known, besides the words, of whether the caller is done. */
export interface TurnEvidence {
  /** What a detector of turn ends said since the caller fell silent; `undefined`: nothing, or there is none. */
  readonly doneProbability: number | undefined
  /** The longest pause of this caller after which they went on with the same turn, from the voice's stop. */
  readonly longestPauseMs: number
  /** The words that are still changing: the end of the turn so far. Empty: a final closed them. */
  readonly partial: string
  /** The recogniser has said that the caller is done with these words, and not taken it back. */
  readonly toldDone: boolean
  /** The voice went on behind the last words that came: so long, from its stop, more of them may still come. */
  readonly wordsDueMs: number
  /** The turn began with words that silenced the agent. */
  readonly tookFloor: boolean
  /** Ends of turns in a row that a recogniser which is to tell them did not tell. */
  readonly missedEnds: number
  /** How often a partial ended in a sentence mark, and the turn went on all the same. */
  readonly earlyMarks: number
}

/** The segment that was settled last: as the recogniser told it, and what of it was new. */
export interface LastFinal {
  readonly said: string
  readonly added: string
  /** It was told by partials first. */
  readonly partials?: boolean
  /** The recogniser told no final: its partials may go on from here. */
  readonly overdue?: boolean
}

export interface TurnState extends TurnEvidence {
  /** The caller is speaking, as far as the detector is believed. */
  readonly voice: boolean
  /** The detector hears voice. */
  readonly sound: boolean
  /** What it hears is taken for noise: words alone decide. */
  readonly noise: boolean
  /** It hears no voice in what is as loud as the caller. */
  readonly loud: boolean
  /** It did so since the turn ended. */
  readonly loudSinceTurn: boolean
  /** The voice may be over already. */
  readonly pauses: boolean
  /** It has lasted long enough to stop the agent, should it go on. */
  readonly bargeInDue: boolean
  /** Voice came since the last new words, and the line has not been quiet since. */
  readonly unworded: boolean
  /**
   * `thinking`: a reply is being made, nothing of it has been sent. `paused`: it was interrupted by voice, and
   * words will tell whether for good.
   */
  readonly agent: 'silent' | 'thinking' | 'speaking' | 'paused'
  /** What is being made or spoken answers a turn; else it is a greeting or a prompt. */
  readonly answering: boolean
  /** What is being spoken may not be interrupted (a greeting so configured). */
  readonly shielded: boolean
  /** The reply that nobody has heard yet is kept back, because the caller is speaking. */
  readonly held: boolean
  /** A voice that is not the caller's sounds over the agent: words that come with it are not theirs. */
  readonly overheard: boolean
  /** Words of the open segment that were left out, since the agent said them. */
  readonly echoed: string
  /** The agent is softer while the caller's sound has not shown what it is. */
  readonly ducked: boolean
  /** The caller is in the middle of an entry of keys: what they say meanwhile belongs to its turn. */
  readonly keying: boolean
  /** Turns ended so far. */
  readonly turn: number
  /** Settled words of the running turn. */
  readonly finals: string
  /** The turn being answered: its settled words, and the open segment's words that were answered early. */
  readonly answeredFinals: string
  readonly answeredPartial: string
  /** The open segment of the answered turn has not been closed by its final. */
  readonly segmentOpen: boolean
  /** The segment that was settled last, in whatever turn. */
  readonly last: LastFinal | undefined
  /** Neither voice nor words came since. */
  readonly finalStands: boolean
  /** The recogniser's finals hold the whole turn so far. */
  readonly cumulative: boolean
  /** New voice came since the turn ended. */
  readonly voiceSinceTurn: boolean
  /** The caller went on before anything of the reply was heard: the same turn goes on. */
  readonly continued: boolean
  /** Words that a reply is being prepared on. */
  readonly prepared: string
  /** The turn is over, and waits for the agent to finish. */
  readonly turnDue: boolean
  /** The caller has said something, and the recogniser is not sure what. */
  readonly unclear: boolean
  /** Times they were asked to say it again since they were understood last. */
  readonly unclearAsked: number
  /** The words of the last turn that was answered. */
  readonly lastTurn: string
  /** What the idle caller is waited for; it stays as it is while they are asked again. */
  readonly awaited: Awaited
  /** Times the idle caller was asked since they last said something. */
  readonly idlePrompts: number
  /** The idle timer; `due`: it ran out while there was voice. */
  readonly idle: 'off' | 'running' | 'due'
  /** The last words are being said: the call ends behind them, whatever the caller does. */
  readonly givingUp: boolean
  /** What operators have the agent say, and it has not begun to. */
  readonly operatorLines: readonly OperatorLine[]
}

export const INITIAL_TURN_STATE: TurnState = Object.freeze({
  voice: false,
  sound: false,
  noise: false,
  loud: false,
  loudSinceTurn: false,
  pauses: false,
  bargeInDue: false,
  unworded: false,
  agent: 'silent',
  answering: false,
  shielded: false,
  held: false,
  overheard: false,
  echoed: '',
  ducked: false,
  keying: false,
  turn: 0,
  finals: '',
  partial: '',
  answeredFinals: '',
  answeredPartial: '',
  segmentOpen: false,
  last: undefined,
  finalStands: false,
  cumulative: false,
  doneProbability: undefined,
  longestPauseMs: 0,
  earlyMarks: 0,
  toldDone: false,
  wordsDueMs: 0,
  tookFloor: false,
  missedEnds: 0,
  voiceSinceTurn: false,
  continued: false,
  prepared: '',
  turnDue: false,
  unclear: false,
  unclearAsked: 0,
  lastTurn: '',
  awaited: 'open',
  idlePrompts: 0,
  idle: 'off',
  givingUp: false,
  operatorLines: [],
})

export type TurnEvent =
  /** `pausedMs`: how long ago the voice had stopped; absent before it first did. `isOther`: it is not so loud as the
   * caller. */
  | { readonly type: 'voice-started'; readonly pausedMs?: number; readonly isOther?: boolean }
  /** It is the caller after all. */
  | { readonly type: 'voice-is-near' }
  | { readonly type: 'caller-sounds'; readonly sound: CallerSound }
  /** `isOwn`: it was the agent's own, which came back. `wordsDueMs`: so long words of it may still come. */
  | { readonly type: 'voice-stopped'; readonly isOwn?: boolean; readonly wordsDueMs?: number }
  /**
   * `silentMs`: how long ago the voice stopped; absent while it goes on, and where no detector hears it. `voicedMs`: how
   * long ago it began.
   */
  | {
      readonly type: 'partial'
      readonly text: string
      readonly silentMs?: number
      readonly voicedMs?: number
      readonly ownShare?: number
      /** What goes on sounds much like the agent, and will soon be known. */
      readonly likelyOwn?: boolean
    }
  | {
      readonly type: 'final'
      readonly text: string
      /** How much of the voice that was heard of late was the agent's own, which came back. Absent: none. */
      readonly ownShare?: number
      /** No final came, and this is the last partial. */
      readonly overdue?: boolean
      /** The recogniser is not sure of it. */
      readonly unclear?: boolean
      readonly silentMs?: number
      readonly voicedMs?: number
      readonly likelyOwn?: boolean
    }
  /** A detector of turn ends has judged the silence that began `silentMs` ago. */
  | { readonly type: 'turn-judged'; readonly doneProbability: number; readonly silentMs: number }
  /** The recogniser says that the caller is done. `silentMs` as above. */
  | { readonly type: 'told-done'; readonly sure: boolean; readonly silentMs?: number }
  /** It takes that back. */
  | { readonly type: 'told-resumed' }
  /** One key of an entry, as it is pressed; `keys` follows. */
  | { readonly type: 'key' }
  /** Keys that belong together: said like words, and the turn ends with them. */
  | { readonly type: 'keys'; readonly text: string }
  | { readonly type: 'timer'; readonly timer: TurnTimer }
  /** Something begins that is no reply: the greeting. */
  | { readonly type: 'agent-begins'; readonly shielded: boolean }
  /** The first audio of what is being said went out. */
  | { readonly type: 'agent-speaking' }
  /** It is over: heard, failed or cancelled. */
  | { readonly type: 'agent-silent' }
  /** The caller heard it, and is being handed over. */
  | { readonly type: 'agent-leaves' }
  /** That failed, and the caller is told so with this line; empty: with none. */
  | { readonly type: 'agent-stays'; readonly line: string }
  /** Too many turns in a row have failed; what was made of the last one is over. */
  | { readonly type: 'failed-too-often' }
  | { readonly type: 'operator-says'; readonly line: OperatorLine }
  | { readonly type: 'operator-interrupts' }

export type TurnTimer = 'endpoint' | 'prepare' | 'barge-in' | 'false-start' | 'idle' | 'wordless' | 'quiet'

export type TurnAction =
  | { readonly type: 'start-timer'; readonly timer: TurnTimer; readonly ms: number }
  | { readonly type: 'stop-timer'; readonly timer: TurnTimer }
  /** Begin a reply that is neither heard nor remembered until `start-reply` adopts it. */
  | { readonly type: 'prepare-reply'; readonly text: string }
  | { readonly type: 'discard-prepared' }
  | { readonly type: 'start-reply'; readonly turn: number; readonly text: string }
  /** The same turn with other words; nothing of its reply was heard. */
  | { readonly type: 'restart-reply'; readonly turn: number; readonly text: string }
  | { readonly type: 'correct-history'; readonly turn: number; readonly text: string }
  /** Keep the unheard reply back; let it be heard. */
  | { readonly type: 'hold-reply' }
  | { readonly type: 'release-reply' }
  /** The agent is softer, and says all the same; it is as loud as before. */
  | { readonly type: 'duck-reply' | 'unduck-reply' }
  /** Silence the agent at once, and keep what is left. */
  | { readonly type: 'pause-reply' }
  /** Go on from where the caller last heard it. */
  | { readonly type: 'resume-reply' }
  /** The reply is given up: for an unheard or paused one. */
  | { readonly type: 'cancel-reply'; readonly by: 'caller' | 'operator' }
  /** Silence the agent at once, for good. */
  | { readonly type: 'interrupt'; readonly by: 'caller' | 'operator' }
  /** Speak a text from the configuration. */
  | { readonly type: 'say'; readonly text: string; readonly thenHangUp: boolean }
  /** Speak what an operator has written; play keys. */
  | { readonly type: 'say-once'; readonly text: string }
  | { readonly type: 'press-keys'; readonly digits: string }
  /** Say the last words, and then end the call as the configuration says. */
  | { readonly type: 'give-up' }
  | { readonly type: 'hang-up' }
  /** A recogniser that is to tell the ends of turns did not tell this one; it is counted. */
  | { readonly type: 'turn-end-missed' }
  /** A final said once more what an earlier one had said; it is counted. */
  | { readonly type: 'final-repeated' }
  /** Words were left out that somebody else said; it is counted. */
  | { readonly type: 'words-overheard'; readonly text: string }

export interface TurnStep {
  readonly state: TurnState
  readonly actions: readonly TurnAction[]
}

/** Words or keys of an operator, for the caller. `once`: whatever goes on. */
export type OperatorLine = { readonly at: 'turn' | 'once' } & (
  { readonly text: string } | { readonly digits: string }
)

/** A partial or a final. */
export type WordsHeard = Extract<TurnEvent, { type: 'partial' | 'final' }>
