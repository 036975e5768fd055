/** Events about what operators do with a running call: a part of `CALL_EVENTS`. Each says `by` whom. */
export const OPERATOR_EVENTS = {
  operator_said: {
    level: 'info',
    message: '🎧 OPERATOR: has the agent say something',
    about:
      'An operator has the agent say the text, `at` its next turn or at once; `agent_said` follows when it is spoken.',
  },
  operator_whispered: {
    level: 'info',
    message: '🎧 OPERATOR: whispers to the agent',
    about: 'The model is told the text with its next request; the caller hears nothing.',
  },
  operator_interrupted: {
    level: 'info',
    message: '🎧 OPERATOR: interrupts the agent',
    about: 'What the agent was saying ends, as if the caller had spoken over it.',
  },
  operator_pressed: {
    level: 'info',
    message: '🎧 OPERATOR: presses keys',
    about: 'Tones of the keys in the private part are played to the far end.',
  },
  operator_transferred: {
    level: 'info',
    message: '🎧 OPERATOR: transfers the caller',
    about: '`transfer_requested` follows, and `transfer_failed` where the carrier does not take it.',
  },
  operator_hung_up: {
    level: 'info',
    message: '🎧 OPERATOR: hangs up',
    about: 'The call ends by `operator`.',
  },
  operator_muted: {
    level: 'info',
    message: '🎧 OPERATOR: mutes the agent',
    about:
      'From here on the caller hears silence where the agent speaks, and none of it counts as heard. The caller is heard as before.',
  },
  operator_unmuted: {
    level: 'info',
    message: '🎧 OPERATOR: lets the agent be heard',
    about: 'The agent is heard again.',
  },
  operator_listens: {
    level: 'info',
    message: '🎧 OPERATOR: listens',
    about: 'An operator hears both sides of the call from here on.',
  },
  operator_refused: {
    level: 'warn',
    message: '🎧 OPERATOR: refused',
    about:
      'What an operator asked for (`action`) cannot be done with this call: `why`. Of one kind five at once are told and then one a second; `left_out` says how many were not.',
  },
} as const
