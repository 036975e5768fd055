import type { AudioFormat } from '../../../contracts/index.ts'
import { fail } from './contract-case.ts'

/** 10 ms at 8 kHz: no voice holds one sample for so long. */
const MAX_ZEROS = 80

/** In mu-law and A-law a zero byte is loud, and a run of them is what somebody took for silence. */
export function expectNoZeroRun(audio: Uint8Array, { encoding }: AudioFormat, whose = 'the audio'): void {
  if (encoding === 'linear16') return
  const at = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).indexOf(ZEROS)
  if (at < 0) return
  const silence = encoding === 'mulaw' ? '0xff' : '0xd5'
  fail(
    `expected silence in ${encoding} to be ${silence}; ${whose} holds a run of zero bytes, which are noise, at byte ${at}`,
  )
}

const ZEROS = Buffer.alloc(MAX_ZEROS)
