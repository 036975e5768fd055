import { messageOf } from '@kav/core'
import { testConversations } from '../commands/test.ts'
import { createServerLoader } from '../plugins.ts'
import { type StrayFaults, strayLine } from '../process/stray-faults.ts'
import type { CheckAnswer, CheckAsk } from './check-messages.ts'
import { paramsText } from './params-text.ts'
import { validateText } from './validate-text.ts'

/** Runs what is asked for in this process. Never rejects. */
export async function runCheck(ask: CheckAsk, strays: StrayFaults): Promise<CheckAnswer> {
  try {
    const text = await checked(ask, strays)
    // Of plugins that the answer has no line for.
    return { text: [text, ...strays.rest().map(strayLine)].join('\n'), failed: false }
  } catch (thrown) {
    return { text: [messageOf(thrown), ...strays.rest().map(strayLine)].join('\n'), failed: true }
  }
}

async function checked(ask: CheckAsk, strays: StrayFaults): Promise<string> {
  switch (ask.tool) {
    case 'validate':
      return validateText(ask.args, { env: ask.env, loader: createServerLoader(), strays })
    case 'test': {
      const { scripts, ...named } = ask.args
      const lines: string[] = []
      await testConversations(scripts, { events: true, ...named }, ask.env, (line) => lines.push(line))
      return lines.join('\n')
    }
    case 'params': {
      const { plugin, kind } = ask.args
      const found = await createServerLoader().loadAll(plugin, process.cwd())
      if (!found.ok) throw new Error(found.message)
      return paramsText(plugin, found.plugins, kind)
    }
  }
}
