/** One thing that a contract has its provider do. */
export interface ContractPromise {
  /** As a sentence whose subject is the provider. */
  readonly says: string
  /** Where the contract says it: a type of `contracts/`, and its member. */
  readonly at: string
  /** Where it holds, if not everywhere. */
  readonly where?: string
}

export const FAR_END = 'where there is a far end: an engine that runs in this process has none'

/** What one kind promises, by short names. Cases and broken providers name them `stt.lent`. */
export type Promises = Readonly<Record<string, ContractPromise>>

/** What every provider promises its host, whatever its kind. */
export const HOST_PROMISES = {
  'quiet-create': {
    says: 'opens no socket, file or timer when it is made: connections open on first use or in `warm`',
    at: 'Plugin.create',
  },
  'clock-timers': {
    says: 'leaves no timer waiting on the clock it was lent once it is closed',
    at: 'PluginContext.clock',
  },
  'process-kept': {
    says: 'leaves the process as it is for everybody: no listener, global, variable or folder of it is changed',
    at: 'Plugin.create',
  },
  secrets: {
    says: 'puts no secret into an error, a log line, a metric or what is printed',
    at: 'ProviderError',
    where: 'where its params hold one',
  },
  'stray-errors': {
    says: 'lets no rejection and no throw out of an event handler go astray',
    at: 'ProviderError',
  },
} as const satisfies Promises

/** What every provider that may fail promises of its faults. */
export const FAULT_PROMISES = {
  fault: { says: 'throws a `ProviderError` when it fails, and nothing else', at: 'ProviderError' },
  'fault-class': {
    says: 'tells the class of a fault rightly (a refused key is `auth`)',
    at: 'ProviderErrorClass',
  },
} as const satisfies Promises

/** What every provider promises that is told words or numbers of people. */
export const WORDS_PROMISES = {
  'private-words': {
    says: 'writes what a person or the agent said under `private` only, never in a message, a field or a label',
    at: 'LogFields.private',
  },
} as const satisfies Promises
