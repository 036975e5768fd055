import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** As much of TypeScript's compiler as is used. */
interface Compiler {
  readonly ModuleKind: { readonly ESNext: number }
  readonly ScriptTarget: { readonly ES2022: number }
  transpileModule(
    source: string,
    options: { compilerOptions: object; fileName: string; reportDiagnostics: boolean },
  ): { readonly outputText: string; readonly diagnostics?: readonly Diagnostic[] }
  flattenDiagnosticMessageText(message: unknown, newLine: string): string
}

interface Diagnostic {
  readonly messageText: unknown
  readonly start?: number
  readonly file?: { getLineAndCharacterOfPosition(at: number): { line: number; character: number } }
}

type NextLoad = (url: string, context: object) => Promise<object & { readonly source?: unknown }>

let compiler: Compiler

/** Called by Node.js, on the thread of its loader, with what `register` was given. */
export function initialize(data: { readonly compiler: string }): void {
  compiler = createRequire(import.meta.url)(data.compiler) as Compiler
}

/** Called by Node.js for every module: one in TypeScript is compiled by itself, as `isolatedModules` wants it. */
export async function load(url: string, context: object, next: NextLoad): Promise<object> {
  if (!/^file:.*\.m?ts(\?|$)/.test(url)) return next(url, context)
  const fileName = fileURLToPath(url)
  // Not read here: hooks below may know better what stands in it.
  const { source } = await next(url, { ...context, format: 'module' })
  const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8')
  const { ModuleKind, ScriptTarget } = compiler
  const { outputText, diagnostics = [] } = compiler.transpileModule(text, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022, inlineSourceMap: true },
    fileName,
    reportDiagnostics: true,
  })
  const [first] = diagnostics
  if (first !== undefined) throw unreadable(first, fileName)
  return { format: 'module', source: outputText, shortCircuit: true }
}

function unreadable({ messageText, start = 0, file }: Diagnostic, fileName: string): Error {
  const { line, character } = file?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 }
  const text = compiler.flattenDiagnosticMessageText(messageText, ' ')
  return new SyntaxError(`${text} (at ${fileName}:${line + 1}:${character + 1})`)
}
