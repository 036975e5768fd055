import { chatChunk, type HttpScript } from '../src/testing/index.ts'
import { ask, collect, llmAt, loopback, never, rejection } from './setup.ts'

export const PATH = '/chat/completions'
export const event = (value: unknown) =>
  `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`
export const frame = (choice: Record<string, unknown>, more = {}) => event({ ...chatChunk(choice), ...more })
export const says = (content: unknown, more = {}) => frame({ delta: { content } }, more)
export const NINE = 'We open at nine.'
export const WORDS = says('We open') + says(' at nine.')

export const answer =
  (text: string, type = 'text/event-stream', status = 200): HttpScript =>
  async ({ head, write, end }) => {
    head(status, { 'content-type': type })
    await write(text)
    end()
  }

/** Why an answer is none. */
export async function faultOf(text: string, type?: string, status?: number) {
  const server = await loopback()
  server.always(PATH, answer(text, type, status))
  return rejection(collect(llmAt(server).reply(ask('hi'), never)))
}
