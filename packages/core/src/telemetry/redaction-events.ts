/** Events about what was taken out: a part of `CALL_EVENTS`. */
export const REDACTION_EVENTS = {
  redacted: {
    level: 'debug',
    message: '🕶️ REDACTED',
    about:
      'Something private was taken out of what `who` said (or pressed), by `redact`: its `kind`, and the sound that holds it, ' +
      'from `from_ms` to `to_ms` of the call; without `to_ms` until the agent’s `turn` was over. `by`: where it is was known ' +
      'by the times of its `words` or `keys`, else it is the whole `utterance`. A recording has a tone there.',
  },
} as const
