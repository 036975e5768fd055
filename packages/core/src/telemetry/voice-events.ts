/** Events about whose voice is on the line: a part of `CALL_EVENTS`. */
export const VOICE_EVENTS = {
  reply_dropped: {
    level: 'info',
    message: '🤖 REPLY: given up',
    about:
      'Words of a reply were told, and it was given up before the caller heard all of them: the turn went on, or another voice took its place. `heard` is what they heard.',
  },
  echo_found: {
    level: 'info',
    message: '🔁 ECHO: the agent’s own voice comes back',
    about:
      'It is heard on the caller’s side `delay_ms` after the far end played it, `level_db` against what was sent: from now on neither it nor words made of it interrupt (`barge_in.echo`). Told again where the delay changes.',
  },
  words_overheard: {
    level: 'debug',
    message: '👥 OTHERS: words left out',
    about:
      'Said over the agent by a voice that is quieter than the caller’s (`barge_in.quieter_db`), or by the agent itself, whose echo they are (`barge_in.echo`): they do not interrupt and are no turn.',
  },
} as const
