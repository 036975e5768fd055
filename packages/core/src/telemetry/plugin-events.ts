/** Events about what plugins hand out: a part of `CALL_EVENTS`. */
export const PLUGIN_EVENTS = {
  session_odd: {
    level: 'warn',
    message: '🔌 PLUGIN: a session has what nobody calls',
    about:
      'The first session of a provider (`plugin`) has a field that reads like one that its kind may have: `odd` says which, and what may be meant. Told once for each provider.',
  },
} as const
