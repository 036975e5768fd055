import { FAR_END, FAULT_PROMISES, HOST_PROMISES, type Promises, WORDS_PROMISES } from './promise.ts'

/** What a model promises. */
export const LLM_PROMISES = {
  'in-order': { says: 'gives the text of its answer in order', at: 'LlmProvider.reply' },
  end: { says: 'ends an answer with exactly one `end`, the last event, for a known reason', at: 'LlmEvent' },
  'known-events': {
    says: 'tells events of known types and shapes, text never empty, opaque data plain and small',
    at: 'LlmEvent',
  },
  usage: { says: 'counts tokens in whole numbers, cached ones among those that went in', at: 'LlmUsage' },
  request: { says: 'leaves the request as it was given', at: 'LlmRequest' },
  streams: { says: 'gives text as it comes, before the answer has ended', at: 'LlmProvider.reply' },
  'abort-first': {
    says: 'ends quietly and soon when its signal aborts before the first event',
    at: 'LlmProvider.reply',
  },
  'abort-middle': {
    says: 'ends quietly and soon when its signal aborts in the middle',
    at: 'LlmProvider.reply',
  },
  stalled: {
    says: 'ends what is aborted, left or closed also where the far end says nothing',
    at: 'LlmProvider.reply',
    where: FAR_END,
  },
  cut: {
    says: 'throws a `ProviderError` when an answer is cut in the middle, and never ends it as if it were whole',
    at: 'LlmEvent',
    where: FAR_END,
  },
  'cut-call': {
    says: 'throws a `ProviderError` when an answer is cut within a tool call, and tells no half of one',
    at: 'LlmToolCall',
    where: FAR_END,
  },
  conversation: {
    says: 'passes on the conversation whole and in its order, system messages in its midst too',
    at: 'LlmRequest',
    where: 'where the double tells what it got',
  },
  offers: {
    says: 'offers the model every tool of the request, with its description and parameters',
    at: 'LlmTool',
    where: 'where the double tells what it got',
  },
  left: { says: 'ends an answer whose reader leaves', at: 'LlmProvider.reply' },
  unread: { says: 'harms nobody with an answer that nobody reads', at: 'LlmProvider.reply' },
  'usage-once': { says: 'tells each token of its bill once: since the last `usage`', at: 'LlmUsage' },
  'calls-apart': { says: 'tells a call nothing of what was said in another', at: 'LlmProvider.reply' },
  apart: { says: 'keeps answers apart, at once and one after the other', at: 'LlmProvider.reply' },
  tools: {
    says: 'calls tools that were offered, each by an id of its own, with arguments that are a JSON object, for the reason `tool-calls`',
    at: 'LlmToolCall',
  },
  'tool-results': { says: 'answers by the result that a tool gave', at: 'LlmMessage' },
  opaque: {
    says: 'takes back what it told as `opaque` with a call or an answer, and hands it to its far end',
    at: 'LlmOpaque',
  },
  summary: {
    says: 'sums up what it is given, and ends soon when aborted, where it has `summarize`',
    at: 'LlmProvider.summarize',
  },
  'summary-before': {
    says: 'has what was summed up before summed up again, and with it all that is new',
    at: 'LlmSummaryRequest',
    where: 'where it has `summarize`, and the double tells what it got',
  },
  warm: { says: 'warms up before answers and twice, where it has `warm`', at: 'LlmProvider.warm' },
  closes: {
    says: 'frees everything at `close` and settles, also twice and while it answers',
    at: 'LlmProvider.close',
  },
  signals: {
    says: 'takes its listeners off a signal once what that was lent for is over',
    at: 'LlmProvider.reply',
  },
  'nothing-left': {
    says: 'leaves no socket and no timer behind, not even one that keeps no process alive',
    at: 'LlmProvider.close',
  },
  ...FAULT_PROMISES,
  ...HOST_PROMISES,
  ...WORDS_PROMISES,
} as const satisfies Promises
