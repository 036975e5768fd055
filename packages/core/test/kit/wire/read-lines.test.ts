import { expect, it } from 'vitest'
import { readLines } from '../../../src/kit/index.ts'

async function linesOf(pieces: readonly (string | Uint8Array)[], maxLineChars?: number): Promise<string[]> {
  const body = async function* () {
    for (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece
  }
  const lines: string[] = []
  const limits = { doing: 'Acme', ...(maxLineChars !== undefined && { maxLineChars }) }
  for await (const line of readLines(body(), limits)) lines.push(line)
  return lines
}

it('gives lines however they are cut, the last one without an end, and leaves out empty ones', async () => {
  const bytes = Buffer.from('{"a":"é"}\r\n\n{"b":1}\n  \n{"c":')
  const cutInALetter = [bytes.subarray(0, 7), bytes.subarray(7, 11), bytes.subarray(11), '2}']
  expect(await linesOf(cutInALetter)).toEqual(['{"a":"é"}', '{"b":1}', '{"c":2}'])
  expect(await linesOf([])).toEqual([])
})

it('holds no line that never ends', async () => {
  await expect(linesOf(['12345678\n12345678', '9'], 8)).rejects.toMatchObject({
    class: 'bad-data',
    message: 'Acme: a line of more than 8 characters',
  })
})
