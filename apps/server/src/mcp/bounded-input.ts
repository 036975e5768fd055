import { PassThrough, type Readable, type Writable } from 'node:stream'
import { createLineReader } from '@kav/core/kit'

/** A pipeline file with everything in it is some ten thousand. */
const MAX_MESSAGE_BYTES = 4_194_304
/** Of JSON-RPC: what was sent is no request that can be taken. */
const INVALID_REQUEST = -32_600

const ID = /"id"\s*:\s*(-?\d{1,15}|"[^"\\]{1,100}")\s*[,}]/

/**
 * The messages of an agent, one a line, without those that are too long: each of them is answered with an error as
 * soon as it is too long, by its id or by `null`, once more where the id stood at its end; the next one is heard as
 * ever. The SDK's own reader ends the process over it. While answers wait for whoever asks to read them, nothing more is
 * read.
 */
export function boundedInput(from: Readable, answers: Writable): Readable {
  const lines = new PassThrough()
  let isAnswered = false

  function refuse(id: string): void {
    const message = `the message is longer than ${MAX_MESSAGE_BYTES / 1_048_576} MB; hand a file by its path`
    answers.write(`{"jsonrpc":"2.0","id":${id},"error":{"code":${INVALID_REQUEST},"message":"${message}"}}\n`)
  }

  const read = createLineReader(
    MAX_MESSAGE_BYTES,
    (line) => lines.write(`${line}\n`),
    ({ tail }) => {
      const id = isAnswered ? undefined : idIn(tail.slice(-ID_CHARS))
      if (id !== undefined) refuse(id)
    },
    // It may have no end, and who sent it is to know.
    (head) => {
      const id = idIn(head)
      isAnswered = id !== undefined
      refuse(id ?? 'null')
    },
  )
  from.on('data', (piece: Buffer) => {
    read(piece)
    if (answers.writableNeedDrain) from.pause()
  })
  answers.on('drain', () => from.resume())
  from.once('end', () => lines.end())
  from.once('error', () => lines.end())
  return lines
}

/** What may stand behind the last of a message's own fields. */
const ID_CHARS = 120

function idIn(text: string): string | undefined {
  return ID.exec(text)?.[1]
}
