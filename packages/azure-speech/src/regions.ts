/** When the list below was last checked against Microsoft's documentation. */
export const AS_OF = '2026-11'

/** Regions of the Speech service (learn.microsoft.com, "Speech service supported regions"), sovereign clouds too. */
export const KNOWN_REGIONS: readonly string[] = [
  ...['australiaeast', 'brazilsouth', 'canadacentral', 'canadaeast', 'centralindia', 'centralus', 'eastasia'],
  ...['eastus', 'eastus2', 'francecentral', 'germanywestcentral', 'italynorth', 'japaneast', 'japanwest'],
  ...['jioindiawest', 'koreacentral', 'northcentralus', 'northeurope', 'norwayeast', 'qatarcentral'],
  ...['southafricanorth', 'southcentralus', 'southeastasia', 'swedencentral', 'switzerlandnorth'],
  ...['switzerlandwest', 'uaenorth', 'uksouth', 'ukwest', 'westcentralus', 'westeurope', 'westus', 'westus2'],
  ...['westus3', 'chinaeast2', 'chinanorth2', 'chinanorth3', 'usgovarizona', 'usgovvirginia'],
]

/** The known region spelled most like `region`, when it is close enough to be meant. */
export function similarRegion(region: string): string | undefined {
  const wanted = region.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  let best: { name: string; distance: number } | undefined
  for (const name of KNOWN_REGIONS) {
    const distance = editDistance(wanted, name)
    if (best === undefined || distance < best.distance) best = { name, distance }
  }
  return best !== undefined && best.distance <= 2 ? best.name : undefined
}

/** Levenshtein distance. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
