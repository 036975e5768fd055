import { parseArgs } from 'node:util'
import { newPlugin } from './new-plugin.ts'
import { TEMPLATE_KINDS } from './template-kinds.ts'

const USAGE = `npm create kav-plugin@latest <name> -- --kind <kind> [--lang js|ts] [--dir <folder>]

  name    of the npm package: my-stt, @acme/kav-stt
  --kind  ${TEMPLATE_KINDS.join(', ')}
  --lang  js (by default) or ts
  --dir   where to; a folder of the package's name by default`

/** `npm create kav-plugin`, which is `kav plugin new` where no Kav is installed yet. Gives the exit code. */
export function createKavPlugin(args: readonly string[], print: (line: string) => void): number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        kind: { type: 'string' },
        lang: { type: 'string' },
        dir: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help === true || args.length === 0) {
      print(USAGE)
      return args.length === 0 ? 2 : 0
    }
    const [name, ...more] = positionals
    if (more.length > 0)
      throw new Error(`one name, not ${positionals.length}: npm hands options on behind "--" only`)
    return newPlugin({ name, ...values }, print)
  } catch (error) {
    print(`${(error as Error).message}\n\n${USAGE}`)
    return 2
  }
}
