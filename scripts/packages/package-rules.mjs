// What every package that is published must hold; each rule gives sentences on what does not.
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import typescript from 'typescript'
import { root } from '../run.mjs'

const REPOSITORY = 'https://github.com/kav-voice/kav'
const LICENCE_TEXT = readFileSync(join(root, 'LICENSE'), 'utf8')
/** Files of packages that are begun with them. */
const TEMPLATES = 'dist/templates/'
const CODE_FILE = /(\.d\.ts|\.m?js)$/
/** A plugin is handed the one core of its host, so it must not bring another. */
const TAKES_CORE_AS_PEER = /^@kav\/(plugin-|directory-|google-cloud$|azure-speech$)/

const RULES = [
  manifestSays,
  ownPackagesByRange,
  licenceAndReadme,
  nothingOfOurWorkshop,
  mapsPointIntoThePackage,
  importsAreDeclared,
]

export function brokenRules(one) {
  return RULES.flatMap((rule) => rule(one)).map((problem) => `${one.name}: ${problem}`)
}

function manifestSays({ path, manifest }) {
  const expected = {
    homepage: `${REPOSITORY}/tree/main/${path}#readme`,
    bugs: `${REPOSITORY}/issues`,
    repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: path },
    type: 'module',
    engines: { node: '>=20.11' },
    publishConfig: { access: 'public' },
  }
  const problems = Object.entries(expected)
    .filter(([key, value]) => JSON.stringify(manifest[key]) !== JSON.stringify(value))
    .map(([key, value]) => `package.json: "${key}" must be ${JSON.stringify(value)}`)
  if (!/^Apache-2\.0( AND |$)/.test(manifest.license))
    problems.push('package.json: "license" must be Apache-2.0')
  return problems
}

function ownPackagesByRange({ name, manifest }) {
  const { dependencies = {}, peerDependencies = {} } = manifest
  const problems = Object.entries({ ...dependencies, ...peerDependencies })
    .filter(([other, range]) => other.startsWith('@kav/') && range !== `^${manifest.version}`)
    .map(([other, range]) => `package.json: ${other} is "${range}"; write "^${manifest.version}"`)
  if (TAKES_CORE_AS_PEER.test(name) && (dependencies['@kav/core'] || !peerDependencies['@kav/core'])) {
    problems.push('package.json: @kav/core must be a peer dependency, and that only')
  }
  return problems
}

function licenceAndReadme({ name, folder, files }) {
  const problems = []
  if (!files.includes('LICENSE') || readFileSync(join(folder, 'LICENSE'), 'utf8') !== LICENCE_TEXT) {
    problems.push('LICENSE is not that of the repository; copy it')
  }
  if (!files.includes('README.md')) problems.push('README.md is missing')
  else if (!readFileSync(join(folder, 'README.md'), 'utf8').startsWith(`# ${name}\n`)) {
    problems.push(`README.md must begin with "# ${name}"`)
  }
  return problems
}

function nothingOfOurWorkshop({ manifest, files }) {
  return files
    .filter((file) => !file.startsWith(TEMPLATES))
    .filter(
      (file) =>
        /\.tsbuildinfo$|(^|\/)(test|tests|bench|recordings|node_modules)\/|\.(test|spec)\.|(^|\/)\.env|tsconfig/.test(
          file,
        ) ||
        (/(^|\/)testing\//.test(file) && manifest.exports['./testing'] === undefined),
    )
    .map((file) => `${file} must not be in the package`)
}

function mapsPointIntoThePackage({ folder, files }) {
  const shipped = new Set(files)
  return files
    .filter((file) => CODE_FILE.test(file))
    .flatMap((file) => {
      const named = /^\/\/# sourceMappingURL=(.+)$/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1]
      if (named === undefined) return []
      const map = posix.join(posix.dirname(file), named)
      if (!shipped.has(map)) return [`${file} names ${named}, which is not in the package`]
      const { sources, sourceRoot = '' } = JSON.parse(readFileSync(join(folder, map), 'utf8'))
      return sources
        .map((source) => posix.join(posix.dirname(map), sourceRoot, source))
        .filter((source) => !shipped.has(source))
        .map((source) => `${map} points to ${source}, which is not in the package`)
    })
}

function importsAreDeclared({ name, manifest, folder, files }) {
  const declared = new Set([
    name,
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ])
  const problems = new Set()
  for (const file of files.filter((path) => CODE_FILE.test(path) && !path.startsWith(TEMPLATES))) {
    const { importedFiles } = typescript.preProcessFile(readFileSync(join(folder, file), 'utf8'), true, true)
    for (const { fileName } of importedFiles) {
      if (/^\.|^node:/.test(fileName)) continue
      const imported = /^(@[^/]+\/)?[^/]+/.exec(fileName)[0]
      if (!declared.has(imported))
        problems.add(`${file} imports ${imported}, which package.json does not name`)
    }
  }
  return [...problems]
}
