/** Takes out what tells a player how and when to speak, where it is written into the words. */

export function stripVoiceMarks(text: string): string {
  if (!/[[{<(]|-->/u.test(text)) return text
  return text
    .replace(SETTING, '')
    .replace(/^ ?\d{1,2}:\d{2}:\d{2}[.,]\d{1,3} ?--> ?\d{1,2}:\d{2}:\d{2}[.,]\d{1,3}(?: .*)?$/gmu, '')
    .replace(TIME_OF_SUBTITLE, '')
}

/** `[break:500ms]`, `{pause=1s}`, `[[slnc 500]]`, `[emotion: happy]` */
const SETTING =
  /[[{]{1,2} ?(?:(?:break|pause|silence|rate|pitch|volume|speed|emotion|mood|style|emph|emphasis) ?[:=] ?[\p{L}\d.+%-]{1,24}|(?:slnc|rate|pbas|volm|emph) [\d.+-]{1,8}) ?[\]}]{1,2}/giu

/** `[00:12]` and `(00:01:30)` at the start of a line. An hour of the day has neither a nought nor seconds. */
const TIME_OF_SUBTITLE =
  /^ ?(?:[[<](?:\d{1,2}:\d{2}:\d{2}|00?:\d{2})(?:[.,]\d{1,3})?[\]>]|\(\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?\))\s?/gmu
