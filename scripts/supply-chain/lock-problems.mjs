// What the lock file says of every package, held against the rules.

/**
 * One sentence for each package that breaks a rule.
 * @param lock package-lock.json, version 3
 * @param rules scripts/supply-chain/rules.json
 * @param allowScripts `allowScripts` of package.json: whether a package may run its install script, by name
 */
export function lockProblems(lock, rules, allowScripts = {}) {
  const problems = []
  const withScripts = new Set()
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path.includes('node_modules/') || entry.link) continue
    const name = path.split('node_modules/').at(-1)
    if (entry.resolved !== undefined) {
      problems.push(
        `package-lock.json: ${path} names where it comes from (${entry.resolved}); run npm install --omit-lockfile-registry-resolved, and depend on nothing but the registry`,
      )
    }
    if (entry.integrity === undefined && entry.inBundle !== true) {
      problems.push(`package-lock.json: ${path} has no integrity, so it can be exchanged unseen`)
    }
    const taken = [...rules.licences, ...(entry.dev ? rules.developmentLicences : [])]
    if (!taken.includes(entry.license) && rules.licenceExceptions[name] === undefined) {
      problems.push(
        `package-lock.json: ${path} is ${entry.license ?? 'of no licence'}; taken are ${taken.join(', ')}, others by name in scripts/supply-chain/rules.json`,
      )
    }
    if (entry.hasInstallScript) withScripts.add(name)
  }
  for (const name of withScripts) {
    if (typeof allowScripts[name] === 'boolean') continue
    problems.push(
      `${name} runs a script when it is installed; read it, then say true or false under "allowScripts" in package.json`,
    )
  }
  for (const name of Object.keys(allowScripts)) {
    if (!withScripts.has(name)) problems.push(`package.json: "allowScripts" names ${name}, which has none`)
  }
  return problems
}
