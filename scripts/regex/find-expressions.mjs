// Every regular expression of the sources: literals, `new RegExp('…')`, and the `pattern` of a schema.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { root } from '../run.mjs'

/** Sources that are shipped; what only tests use is not fed by strangers. */
const SOURCES = ['packages/*/src/**.ts', 'apps/*/src/**.ts']
const OF_TESTS = /\/src\/testing\//

/** @returns {{ file: string, line: number, text: string }[]} `text` is `/source/flags`, or `dynamic: …` when only running it tells. */
export function findExpressions() {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...SOURCES], {
    cwd: root,
    encoding: 'utf8',
  })
  return files
    .split('\n')
    .filter((file) => file !== '' && !OF_TESTS.test(file) && existsSync(root + file))
    .flatMap(expressionsOf)
}

function expressionsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(root + file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found = []
  const add = (node, text) =>
    found.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, text })
  const visit = (node) => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) add(node, node.text)
    else if (isRegExpCall(node)) addMade(node, node.arguments ?? [])
    else if (isSchemaPattern(node)) addPattern(node.initializer)
    ts.forEachChild(node, visit)
  }
  const addMade = (node, [pattern, flags]) => {
    if (pattern && ts.isStringLiteralLike(pattern)) add(node, `/${pattern.text}/${flags?.text ?? ''}`)
    else add(node, `dynamic: ${file.split('/').at(-1)} ${node.getText().replace(/\s+/g, ' ')}`)
  }
  // ajv compiles a pattern with the flag u.
  const addPattern = (value) => {
    if (ts.isStringLiteralLike(value)) add(value, `/${value.text}/u`)
  }
  visit(source)
  return found
}

function isRegExpCall(node) {
  return (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp'
}

function isSchemaPattern(node) {
  return ts.isPropertyAssignment(node) && ['pattern', "'pattern'"].includes(node.name.getText())
}
