// What each entry point of @kav/core promises, as text: the declarations it exports, and those they refer to. A change
// of it is a change for everybody who wrote a plugin or a server, so it shows in a diff of its own.
import { createRequire } from 'node:module'
import { join, posix, relative } from 'node:path'
import ts from 'typescript'
import { root } from './run.mjs'

const PACKAGE = 'packages/core'
const COMPILER_OPTIONS = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  skipLibCheck: true,
  strict: true,
  types: ['node'],
}

const PRINTER = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed })

/** `{ 'packages/core/api/host.api.md': text, … }`, read from the package's `dist`. */
export function apiReports(notice) {
  const { exports } = createRequire(import.meta.url)(join(root, PACKAGE, 'package.json'))
  const files = Object.values(exports).map(({ types }) => join(root, PACKAGE, types))
  const program = ts.createProgram(files, COMPILER_OPTIONS)
  const checker = program.getTypeChecker()
  const entries = Object.keys(exports).map((path, at) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(files[at]))
    const exported = checker.getExportsOfModule(module).map((symbol) => aliased(checker, symbol))
    return { path, name: posix.join('@kav/core', path), exported: new Set(exported) }
  })
  return Object.fromEntries(
    entries.map((entry) => [
      posix.join(PACKAGE, 'api', `${entry.path === '.' ? 'index' : entry.path.slice(2)}.api.md`),
      `${[notice, `# ${entry.name}`, ...reportOf(checker, entry, entries)].join('\n\n')}\n`,
    ]),
  )
}

function reportOf(checker, { name, exported }, entries) {
  const elsewhere = new Map()
  for (const other of entries.filter((entry) => entry.name !== name)) {
    for (const symbol of other.exported) if (!elsewhere.has(symbol)) elsewhere.set(symbol, other.name)
  }
  const referred = referredSymbols(checker, exported, elsewhere)
  const named = referred
    .filter((symbol) => elsewhere.has(symbol))
    .map((symbol) => `\`${symbol.name}\` of ${elsewhere.get(symbol)}`)
  const nameless = referred.filter((symbol) => !elsewhere.has(symbol))
  return [
    'What it exports:',
    listed([...exported]),
    ...(named.length > 0 ? [`These refer to ${named.sort().join(', ')}.`] : []),
    ...(nameless.length > 0
      ? ['They also refer to these, which have no name outside:', listed(nameless)]
      : []),
  ]
}

function listed(symbols) {
  const texts = symbols
    .map((symbol) => ({ name: symbol.name, text: symbol.declarations.map(textOf).join('\n') }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.text, b.text))
  return `\`\`\`ts\n${texts.map(({ text }) => text).join('\n\n')}\n\`\`\``
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0
}

function textOf(declaration) {
  // The name of a variable alone would say nothing: its type stands in the statement.
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  const print = (part) => PRINTER.printNode(ts.EmitHint.Unspecified, part, declaration.getSourceFile())
  const { transformed } = ts.transform(node, [inOneOrder(print)])
  return print(transformed[0])
}

/**
 * The compiler writes the members of a type it worked out itself in the order in which it met them, which differs
 * between a build from nothing and one that goes on from the last. Here they stand in the order of their names.
 */
function inOneOrder(print) {
  const sorted = (nodes) =>
    nodes
      .map((node) => ({ node, text: print(node) }))
      .sort((a, b) => compare(a.text, b.text))
      .map(({ node }) => node)
  return ({ factory }) =>
    function visit(node) {
      // Sentences in the type of a constant (the table of errors, of events) promise nothing.
      if (ts.isStringLiteral(node) && node.text.includes(' ')) return factory.createStringLiteral('...')
      const seen = ts.visitEachChild(node, visit, undefined)
      if (ts.isUnionTypeNode(seen)) return factory.createUnionTypeNode(sorted(seen.types))
      if (ts.isTypeLiteralNode(seen)) return factory.createTypeLiteralNode(sorted(seen.members))
      return seen
    }
}

/** Every symbol of this package that these declarations name, and those name, and so on; not beyond `known` ones. */
function referredSymbols(checker, exported, known) {
  const found = new Set(exported)
  for (const symbol of found) {
    if (!exported.has(symbol) && known.has(symbol)) continue
    for (const declaration of symbol.declarations ?? []) {
      visit(declaration, (identifier) => {
        const named = checker.getSymbolAtLocation(identifier)
        const target = named && aliased(checker, named)
        if (target?.declarations?.some(isOwnStatement)) found.add(target)
      })
    }
  }
  return [...found].filter((symbol) => !exported.has(symbol))
}

function visit(node, onIdentifier) {
  if (ts.isIdentifier(node)) onIdentifier(node)
  ts.forEachChild(node, (child) => visit(child, onIdentifier))
}

/** A declaration at the top of one of this package's files, not a member or a parameter. */
function isOwnStatement(declaration) {
  const file = declaration.getSourceFile()
  const inside = relative(join(root, PACKAGE, 'dist'), file.fileName)
  if (inside.startsWith('..') || ts.isSourceFile(declaration)) return false
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  return statement.parent === file
}

function aliased(checker, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}
