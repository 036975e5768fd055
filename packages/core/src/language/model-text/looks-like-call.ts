/** A call that was cut off, or is too long to be read: nobody wants to hear it. */
const NAMES_A_TOOL = /"(?:name|function|tool|tool_name|function_name|recipient_name|action)"\s{0,8}:\s{0,8}"/u
const HAS_ARGUMENTS = /"(?:arguments|parameters|tool_input|action_input)"\s{0,8}:/u

export function looksLikeCall(text: string): boolean {
  const named = NAMES_A_TOOL.exec(text)
  return named !== null && HAS_ARGUMENTS.test(text.slice(named.index))
}
