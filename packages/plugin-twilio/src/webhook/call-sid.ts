/** Not only hexadecimal, for other implementations; but it becomes part of file names. */
const CALL_SID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

export function isCallSid(text: string | undefined): text is string {
  return text !== undefined && CALL_SID.test(text)
}
