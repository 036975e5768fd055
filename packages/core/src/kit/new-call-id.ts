/** Of a tool call that came with none of its own. Nine letters and digits: the strictest servers take no other. */
export function newCallId(): string {
  return Array.from({ length: 9 }, () => Math.floor(Math.random() * 36).toString(36)).join('')
}
