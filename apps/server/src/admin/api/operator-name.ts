const MAX_CHARACTERS = 64

/** Who asks, as the audit writes it: one short line of what can be seen, whatever was sent. */
export function operatorName(sent: string | undefined): string {
  // Looked at is what may become the name, and no more.
  const seen = (sent ?? '').slice(0, 10 * MAX_CHARACTERS).replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
  return Array.from(seen.trim()).slice(0, MAX_CHARACTERS).join('').trim() || 'operator'
}
