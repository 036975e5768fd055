import { FAR_END, HOST_PROMISES, type Promises, WORDS_PROMISES } from './promise.ts'

/** What a provider of tools promises. */
export const TOOL_PROMISES = {
  offer: {
    says: 'offers tools that a model can be told: a name, a description, a JSON Schema of an object',
    at: 'ToolProvider.tools',
  },
  same: {
    says: 'offers the same tools all the time, in one list while they have not changed',
    at: 'ToolProvider.tools',
  },
  checked: {
    says: 'takes arguments that fit its schemas, and leaves them as they were',
    at: 'ToolProvider.run',
  },
  answers: { says: 'answers with text, or with what JSON can hold', at: 'ToolProvider.run' },
  callers: { says: 'tells a call what is its own, also while others are told theirs', at: 'ToolContext' },
  apart: { says: 'keeps uses apart', at: 'ToolProvider.run' },
  abort: { says: 'ends a use soon when its signal aborts, and stays of use', at: 'ToolContext.signal' },
  'acts-no-more': {
    says: 'carries out no use whose signal has aborted before it began',
    at: 'ToolContext.signal',
  },
  stalled: {
    says: 'ends what is aborted or closed also where the far end says nothing',
    at: 'ToolContext.signal',
    where: FAR_END,
  },
  unread: { says: 'harms nobody with a use that nobody waits for', at: 'ToolProvider.run' },
  fault: { says: 'rejects with a message that the model can be told when it fails', at: 'ToolProvider.run' },
  closes: {
    says: 'frees everything at `close` and settles, also twice and while a tool runs',
    at: 'ToolProvider.close',
  },
  signals: {
    says: 'takes its listeners off a signal once what that was lent for is over',
    at: 'ToolContext.signal',
  },
  'nothing-left': {
    says: 'leaves no socket and no timer behind, not even one that keeps no process alive',
    at: 'ToolProvider.close',
  },
  ...HOST_PROMISES,
  ...WORDS_PROMISES,
} as const satisfies Promises
