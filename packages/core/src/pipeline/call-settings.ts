/**
 * Everything one call needs to know from its pipeline file, checked and with defaults filled in.
 * `config/` makes it; the pipeline only reads it. Units are in the names.
 */
export interface CallSettings {
  readonly pipeline: string
  readonly rxQueue: {
    readonly maxFrames: number
    /** How many times real time a backlog is written to STT. */
    readonly catchupRate: number
    /** A gap in arrival longer than this re-anchors the token bucket. */
    readonly resyncMs: number
  }
  readonly txQueue: {
    readonly maxFrames: number
    /** How much audio the far end holds ahead of playout. */
    readonly leadMs: number
    /** Frames the socket may buffer before the TX worker waits. */
    readonly sendMaxFrames: number
  }
  readonly stt: {
    readonly batchMs: number
    readonly partialDebounceMs: number
    readonly timeoutMs: number
    readonly vadHangoverMs: number
  }
  readonly conversation: {
    readonly greeting: string
    readonly systemPrompt: string
    readonly language: string
    /** IANA name of the zone that `{{now}}` is told in; absent: that of the machine. */
    readonly timeZone?: string
    readonly hints: readonly string[]
    readonly bargeIn: {
      readonly mode: 'speech' | 'words' | 'off'
      readonly minSpeechMs: number
      readonly minWords: number
      /** Voice that is so much quieter than the caller's does not interrupt; 0: any does. */
      readonly quieterDb: number
      /** Look for the agent's own voice on the caller's line. */
      readonly echo: 'auto' | 'off'
      /** How much softer the agent is while the caller's sound has not shown what it is. */
      readonly duckDb: number
      /** Silence without words after a barge-in, after which the agent goes on. */
      readonly falseStartMs: number
      /** Phrases that do not stop the agent; absent: those of the language. */
      readonly backchannels?: readonly string[]
      /** Whether the greeting may be interrupted. */
      readonly greeting: boolean
    }
    readonly turns: {
      /** Who says that a turn is over: the rules, a recogniser that tells it, or silence alone. */
      readonly by: 'rules' | 'stt' | 'vad'
      /** The wait in which a recogniser that is to tell it did not. */
      readonly sttWaitMs: number
      /** Wait longer where the words look unfinished. */
      readonly adaptive: boolean
      /** The wait where the caller is surely done. */
      readonly sureWaitMs: number
      readonly unfinishedWaitMs: number
      readonly numberWaitMs: number
      /** What beginning inside the caller's turn costs, as milliseconds of waiting. */
      readonly patienceMs: number
      /** Begin the reply as soon as the voice stops, where the llm allows. */
      readonly preemptive: boolean
      /** Voice without new words for this long is taken for noise. */
      readonly noiseAfterMs: number
    }
    readonly unclear: {
      /** Words of less confidence are dropped, and the caller is asked again with `line`, if it is not empty. */
      readonly minConfidence: number
      readonly line: string
    }
    readonly idle: {
      /** 0: the idle caller is not asked. */
      readonly afterMs: number
      readonly prompts: readonly string[]
      readonly farewell: string
      /** For a caller who asked for a moment, if it is longer. */
      readonly holdMs?: number
      /** What is different after a question of this kind. */
      readonly byQuestion?: Readonly<
        Partial<
          Record<
            'yes-no' | 'digits' | 'date' | 'time' | 'name' | 'open',
            { readonly afterMs?: number; readonly prompts?: readonly string[] }
          >
        >
      >
    }
    readonly dtmf: {
      readonly interrupts: boolean
      readonly terminator: string
      readonly interDigitMs: number
      readonly maxDigits: number
    }
    readonly tools: {
      readonly fillerAfterMs: number
      readonly fillerTexts: readonly string[]
      readonly maxRounds: number
    }
    /** Absent: nothing is heard while an answer is late. */
    readonly filler?: {
      /** Silence behind the turn; absent: by how long the model's answers take. */
      readonly afterMs?: number
      /** Absent: those of the language. */
      readonly texts?: readonly string[]
    }
    /** Pronunciation table, what becomes of web addresses, and of numbers and the like. */
    readonly speechText: {
      readonly replacements: Readonly<Record<string, string>>
      readonly urls: 'domain' | 'strip'
      /** Whether numbers, dates and short forms are given to a voice in words. `auto`: unless it finds them itself. */
      readonly spokenForm: 'auto' | 'on' | 'off'
    }
    /** Spoken when the llm or the tts fails or misses its deadline. */
    readonly fallbackLine: string
    /** Spoken when the caller could not be handed over. Empty: the model is told, and nothing is said. */
    readonly transferFailedLine: string
    /** Absent: however much fails, the call goes on. */
    readonly giveUp?: {
      /** So many turns in a row that failed are enough. */
      readonly after: number
      /** Spoken before the call ends. */
      readonly say: string
      /** Where the caller is handed over to; absent: the call is hung up. */
      readonly transferTo?: string
    }
    /** A reply is cut at the end of a sentence within so many characters. */
    readonly maxReplyChars: number
    /** Bound on what the model is given of the conversation, in estimated tokens. */
    readonly historyMaxTokens: number
    readonly firstTokenTimeoutMs: number
    readonly firstAudioTimeoutMs: number
    readonly maxCallMs: number
  }
}
