import type { ErrorCode } from '../../errors.ts'
import { readRegularFile } from '../../kit/read-regular-file.ts'

/** Larger than any pipeline by far. */
export const MAX_FILE_BYTES = 1024 * 1024

/** A fault at an offset in the text (0 when there is no text). */
export interface TextFault {
  readonly code: ErrorCode
  readonly offset: number
  readonly message: string
}

export type FileText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly text: string; readonly fault: TextFault }

/** Reads one file as UTF-8 text without its byte order mark. Never throws. */
export async function readFileText(file: string): Promise<FileText> {
  try {
    return decodeText(await readRegularFile(file, MAX_FILE_BYTES))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EFBIG') return tooLarge()
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return unreadable('KAV_CONFIG_FILE_NOT_FOUND', 'there is no such file')
    }
    return unreadable('KAV_CONFIG_FILE_UNREADABLE', whyUnreadable(code, error))
  }
}

function whyUnreadable(code: unknown, error: unknown): string {
  if (code === 'EISDIR') return 'this is a directory; name the YAML file itself'
  if (code === 'ENOTREG' || code === 'ENXIO') return 'this is not a regular file; name the YAML file itself'
  if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read; check its permissions'
  return `the file cannot be read (${String(code ?? error)})`
}

/** The bytes of a file as text; refuses what is not UTF-8 or holds NUL. */
export function decodeText(bytes: Uint8Array): FileText {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    const looksLike = utf16 ? ' (it looks like UTF-16)' : ''
    const good = validPrefix(bytes)
    const message = `the file is not UTF-8 text${looksLike}; save it as UTF-8`
    return { ok: false, text: good, fault: { code: 'KAV_CONFIG_ENCODING', offset: good.length, message } }
  }
  const nul = text.indexOf('\0')
  if (nul === -1) return { ok: true, text }
  const message = 'the file holds a NUL character, so it is not a text file; save it as UTF-8'
  return { ok: false, text, fault: { code: 'KAV_CONFIG_ENCODING', offset: nul, message } }
}

/** The text before the first wrong byte, so that the problem has a place. */
function validPrefix(bytes: Uint8Array): string {
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (decodes(bytes.subarray(0, middle))) low = middle
    else high = middle - 1
  }
  return new TextDecoder('utf-8').decode(bytes.subarray(0, low), { stream: true })
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

function tooLarge(): FileText {
  return unreadable('KAV_CONFIG_FILE_TOO_LARGE', 'the file is larger than 1 MB; no pipeline is')
}

function unreadable(code: ErrorCode, message: string): FileText {
  return { ok: false, text: '', fault: { code, offset: 0, message } }
}
