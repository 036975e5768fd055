// JavaScript with types in JSDoc, as TypeScript: the templates of plugins are written once.
import ts from 'typescript'

/**
 * Types go from `@param`, `@returns`, `@type` and `@import` to where TypeScript has them; what is said beside them stays.
 * Relative imports name the `.ts` file.
 */
export function inTypescript(text) {
  const source = ts.createSourceFile('template.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  /** `[start, end, text]`: what is put in place of a part. */
  const edits = []
  const put = (at, added) => edits.push([at, at, added])

  function visit(node) {
    for (const doc of node.jsDoc ?? []) if (doc.tags !== undefined) typed(node, doc)
    if (ts.isImportDeclaration(node) && /^\..*\.js$/.test(node.moduleSpecifier.text)) {
      const { moduleSpecifier: specifier } = node
      edits.push([specifier.getStart(), specifier.end, `'${specifier.text.replace(/js$/, 'ts')}'`])
    }
    ts.forEachChild(node, visit)
  }

  /** Types what a comment speaks of, and leaves in the comment what is no type. */
  function typed(node, doc) {
    const imports = doc.tags.filter(ts.isJSDocImportTag)
    if (imports.length > 0) {
      const [{ importClause, moduleSpecifier }] = imports
      const names = importClause.getText().replace(/^type /, '')
      edits.push([doc.pos, doc.end, `import type ${names} from ${moduleSpecifier.getText()}`])
      return
    }
    const params = doc.tags.filter(ts.isJSDocParameterTag)
    for (const tag of doc.tags) {
      const type = tag.typeExpression?.type.getText()
      if (ts.isJSDocParameterTag(tag)) {
        const parameter = functionOf(node).parameters[params.indexOf(tag)]
        put(parameter.name.end, `${tag.isBracketed && !parameter.initializer ? '?' : ''}: ${type}`)
      } else if (ts.isJSDocReturnTag(tag)) put(functionOf(node).body.getFullStart(), `: ${type}`)
      else if (ts.isParenthesizedExpression(node)) put(node.expression.end, ` as ${type}`)
      else put(declarationOf(node).name.end, `: ${type}`)
    }
    const words = wordsOf(doc.getText())
    edits.push(
      words.length > 0 ? [doc.pos, doc.end, comment(words, columnOf(text, doc.pos))] : whole(text, doc),
    )
  }

  visit(source)
  return applied(text, edits).replace(/^\/\/ @ts-check\n/, '')
}

/** The function that a comment speaks of, whatever holds it. */
function functionOf(node) {
  return ts.isVariableStatement(node) || ts.isPropertyAssignment(node)
    ? declarationOf(node).initializer
    : node
}

function declarationOf(node) {
  return ts.isVariableStatement(node) ? node.declarationList.declarations[0] : node
}

/** What a comment says besides types. */
function wordsOf(text) {
  const lines = text
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .filter((line) => !/^@param \{.*\} \S+$/.test(line))
    .map((line) => line.replace(/^@param \{.*\} /, '@param ').replace(/^@(type|returns) \{.*\}\s*/, ''))
  const first = lines.findIndex((line) => line !== '')
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line !== '') + 1)
}

function comment(words, column) {
  if (words.length === 1) return `/** ${words[0]} */`
  const indent = ' '.repeat(column)
  return `/**\n${words.map((line) => `${indent} * ${line}`.trimEnd() + '\n').join('')}${indent} */`
}

const columnOf = (text, at) => at - (text.lastIndexOf('\n', at - 1) + 1)

/** With a comment that says nothing more goes the line that it stood on. */
function whole(text, { pos, end }) {
  return [pos, end + /^\s*/.exec(text.slice(end))[0].length, '']
}

function applied(text, edits) {
  const fromTheEnd = edits.toSorted((a, b) => b[0] - a[0])
  return fromTheEnd.reduce(
    (done, [start, end, added]) => done.slice(0, start) + added + done.slice(end),
    text,
  )
}
