// What `npm audit` knows of the packages that are installed.

/**
 * One sentence for each advisory that nobody has explained, and for each explanation whose advisory is gone. A registry
 * that has no audit is a note, not a fault: a mirror often has none.
 * @param audit what `npm audit --json` prints
 * @param explained why an advisory does not touch Kav, by its id (GHSA-…)
 */
export function unexplainedFaults(audit, explained) {
  if (audit?.vulnerabilities === undefined) {
    return { faults: [], note: 'npm audit SKIPPED: this registry does not answer it' }
  }
  const found = new Map()
  for (const { name, via } of Object.values(audit.vulnerabilities)) {
    for (const advisory of via) {
      // A name alone points to another entry of this list.
      if (typeof advisory !== 'string')
        found.set(String(advisory.url).split('/').at(-1), { name, ...advisory })
    }
  }
  const faults = [...found]
    .filter(([id]) => explained[id] === undefined)
    .map(([id, { name, severity, title }]) => `npm audit: ${name}, ${severity}: ${title} (${id})`)
  const gone = Object.keys(explained)
    .filter((id) => !found.has(id))
    .map((id) => `scripts/supply-chain/rules.json explains ${id}, which npm audit no longer knows`)
  return { faults: [...faults, ...gone], note: undefined }
}
