// The one seed of everything random in tests: `KAV_TEST_SEED`, or the same number every time.
export const DEFAULT_SEED = 20_260_701

/** Throws on a seed that is no 32-bit number: what is repeated must be what failed. */
export function testSeed(value = process.env.KAV_TEST_SEED) {
  if (value === undefined || value === '') return DEFAULT_SEED
  const seed = Number(value)
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    throw new Error(`KAV_TEST_SEED=${value}: a 32-bit whole number`)
  return seed
}
