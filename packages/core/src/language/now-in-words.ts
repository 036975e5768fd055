/**
 * Date and time of day as people of the language write them: `Tuesday, January 1, 2030 at 9:05 AM`, in the
 * Gregorian calendar.
 *
 * @param language BCP 47 tag; English where the runtime does not know it
 * @param timeZone IANA name, `Asia/Jerusalem`; absent or unknown: that of the machine
 */
export function nowInWords(wallMs: number, language: string, timeZone?: string): string {
  const options = { dateStyle: 'full', timeStyle: 'short', calendar: 'gregory' } as const
  const zone = timeZone !== undefined && isTimeZone(timeZone) ? { timeZone } : {}
  const [locale = 'en-US'] = supported(language)
  return new Intl.DateTimeFormat(locale, { ...options, ...zone }).format(wallMs)
}

/** Whether the runtime knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function supported(language: string): string[] {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language)
  } catch {
    return []
  }
}
