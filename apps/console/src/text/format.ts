/** `1:05`, `1:02:07`. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const padded = String(rest).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${padded}` : `${minutes}:${padded}`
}

/** For who listens: `1 minute 5 seconds`. */
export function spokenDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const parts = [
    ...(minutes > 0 ? [`${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`] : []),
    ...(seconds % 60 > 0 || minutes === 0
      ? [`${seconds % 60} ${seconds % 60 === 1 ? 'second' : 'seconds'}`]
      : []),
  ]
  return parts.join(' ')
}

/** `840 ms`, `1.42 s`. */
export function latencyOf(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`
}

// Making a formatter costs more than all that a row of a list does besides.
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const moneyFormats = new Map<string, Intl.NumberFormat>()

/** A day and a time as whoever reads it writes them, to the second. */
export function momentOf(iso: string): string {
  return formatted(MOMENT, iso)
}

/** The same to the minute: for lists. */
export function minuteOf(iso: string): string {
  return formatted(MINUTE, iso)
}

function formatted(format: Intl.DateTimeFormat, iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? iso : format.format(date)
}

/** `0.0123 USD`: as many digits as a cheap call needs. */
export function moneyOf(amount: number, currency: string): string {
  const digits = amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2
  try {
    return moneyFormat(currency, digits).format(amount)
  } catch {
    return `${amount.toFixed(digits)} ${currency}`
  }
}

function moneyFormat(currency: string, digits: number): Intl.NumberFormat {
  const key = `${currency} ${digits}`
  const options = {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const
  const format = moneyFormats.get(key) ?? new Intl.NumberFormat(undefined, options)
  moneyFormats.set(key, format)
  return format
}

/** `agent-hung-up` → `Agent hung up`. */
export function wordsOf(name: string): string {
  const words = name.replaceAll(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
