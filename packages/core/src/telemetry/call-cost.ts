/** What a provider asks for what it does, in the units of its price list; what is absent costs nothing. */
export interface Price {
  readonly per_1k_input_tokens?: number
  /** Tokens that were in the provider's cache; absent, they cost what others do. */
  readonly per_1k_cached_input_tokens?: number
  readonly per_1k_output_tokens?: number
  /** Of audio that a recogniser was given. */
  readonly per_minute_audio?: number
  readonly per_1k_characters?: number
  /** Of the call's length: what a carrier asks. */
  readonly per_minute_call?: number
}

/** Prices of one pipeline's providers, in one currency. */
export interface CallPrices {
  readonly currency: string
  /** By kind and name of the provider, `llm openai-llm`. */
  readonly byProvider: Readonly<Record<string, Price>>
}

/** What a call has cost, as far as prices are known. */
export interface CallCost {
  readonly currency: string
  readonly total: number
  readonly parts: readonly { readonly kind: string; readonly provider: string; readonly amount: number }[]
  /** Providers that have done something and have no price, `tts google-tts`. */
  readonly unpriced: readonly string[]
}

const PER_1K = 1000
const MS_PER_MINUTE = 60_000
/** A millionth: a token costs less than a cent. */
const DIGITS = 6

/** @param usage the sums of `usage` events. `undefined` where the pipeline names no prices. */
export function costOf(
  usage: readonly Readonly<Record<string, unknown>>[],
  durationMs: number,
  prices: CallPrices | undefined,
): CallCost | undefined {
  if (prices === undefined) return undefined
  const parts: { kind: string; provider: string; amount: number }[] = []
  const unpriced: string[] = []
  for (const sum of usage) {
    const [kind, provider] = [String(sum['kind']), String(sum['plugin'])]
    const price = prices.byProvider[`${kind} ${provider}`]
    if (price === undefined) unpriced.push(`${kind} ${provider}`)
    else parts.push({ kind, provider, amount: rounded(amountOf(sum, price)) })
  }
  for (const [key, price] of Object.entries(prices.byProvider)) {
    const [kind, ...name] = key.split(' ')
    const amount = rounded(((price.per_minute_call ?? 0) * durationMs) / MS_PER_MINUTE)
    if (amount > 0) parts.push({ kind: kind!, provider: name.join(' '), amount })
  }
  const total = rounded(parts.reduce((sum, { amount }) => sum + amount, 0))
  return { currency: prices.currency, total, parts, unpriced }
}

function amountOf(sum: Readonly<Record<string, unknown>>, price: Price): number {
  const of = (name: string): number => (typeof sum[name] === 'number' ? sum[name] : 0)
  const { per_1k_input_tokens: input = 0, per_1k_cached_input_tokens: cachedInput = input } = price
  const cached = Math.min(of('cached_input_tokens'), of('input_tokens'))
  return (
    ((of('input_tokens') - cached) * input) / PER_1K +
    (cached * cachedInput) / PER_1K +
    (of('output_tokens') * (price.per_1k_output_tokens ?? 0)) / PER_1K +
    (of('characters') * (price.per_1k_characters ?? 0)) / PER_1K +
    (of('audio_ms') * (price.per_minute_audio ?? 0)) / MS_PER_MINUTE
  )
}

function rounded(amount: number): number {
  return Number(amount.toFixed(DIGITS))
}
