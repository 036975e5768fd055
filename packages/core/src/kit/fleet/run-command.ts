import type { CommandHandler, CommandOutcome, FleetCommand } from '../../contracts/call-directory.ts'
import { messageOf } from '../../contracts/errors.ts'

/** Does a command for a call of this node. Never rejects. */
export async function runCommand(
  command: FleetCommand,
  handler: CommandHandler | undefined,
): Promise<CommandOutcome> {
  if (handler === undefined) return failed('the node of this call takes no commands')
  try {
    return { answered: true, answer: await handler(command) }
  } catch (thrown) {
    return failed(messageOf(thrown))
  }
}

function failed(message: string): CommandOutcome {
  return { answered: false, why: 'failed', message }
}
