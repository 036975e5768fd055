/** Events of calls that were placed: a part of `CALL_EVENTS`. */
export const OUTBOUND_EVENTS = {
  call_unreached: {
    level: 'info',
    message: '📞 CALL: nobody reached',
    about:
      'A call that was placed is over before anybody answered, by `reason`: `busy`, `no-answer`, `failed` or `canceled`, as the carrier says. It is the one event of its call, and the outcome in its record.',
  },
} as const
