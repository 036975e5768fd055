/** Events about what the model does besides speaking: a part of `CALL_EVENTS`. */
export const TOOL_EVENTS = {
  tool_called: {
    level: 'info',
    message: '🔧 TOOL: called',
    about:
      'The model called a tool; with what stands in its private part. A name that is no tool’s of the pipeline stands there, too: `tool` is then `(made up)`.',
  },
  tool_ended: {
    level: 'info',
    message: '🔧 TOOL: ended',
    about:
      'What a tool gave back within its call, `ms` after it was called; the result stands in the private part. `failed` tells how it went.',
  },
  tool_late: {
    level: 'info',
    message: '🔧 TOOL: finished late',
    about:
      'A tool that goes on when the caller speaks over it has ended; `failed` tells how. The model is told with its next request.',
  },
  tool_failed: { level: 'warn', message: '🔧 TOOL: failed', about: 'A tool failed; the model was told why.' },
  tool_dropped: {
    level: 'info',
    message: '🔧 TOOL: dropped',
    about: 'A speech-to-speech model called a tool in a reply that was already interrupted; it was not run.',
  },
} as const
