// @types/node leaves WebAssembly to the DOM library, which this code does not have.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

/** WASI preview 1 error numbers and types that flite meets (`wasi_snapshot_preview1`, errno and filetype). */
const SUCCESS = 0
const BAD_FD = 8
const NO_ENTRY = 44
const FILETYPE_CHARACTER_DEVICE = 2
const FILETYPE_DIRECTORY = 3
const FILETYPE_REGULAR = 4
const STDOUT = 1
const STDERR = 2
/** The one directory a program finds open: the root of a file system that holds one output file. */
const ROOT_FD = 3
const OUTPUT_FD = 4
const ROOT_NAME = '/'
const OPEN_CREATE = 1

/** A program ready to be run any number of times. */
export interface WasiProgram {
  readonly module: object
}

/** What a run of the program left behind. */
export interface WasiOutcome {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** Bytes of the file it wrote, empty when it wrote none. */
  readonly file: Uint8Array
}

class ProgramExit extends Error {
  readonly exitCode: number
  constructor(exitCode: number) {
    super(`exit ${exitCode}`)
    this.exitCode = exitCode
  }
}

export function compileWasiProgram(wasm: Uint8Array): WasiProgram {
  return { module: new WebAssembly.Module(wasm) }
}

/**
 * Runs a command-line program compiled to WASI once, in memory alone: no file, directory, clock or environment of
 * this machine is reachable. Throws what the program itself throws (a trap); an exit code is not a fault here.
 */
export function runWasiProgram(program: WasiProgram, args: readonly string[]): WasiOutcome {
  const memory: ProgramMemory = {
    view: () => new DataView(exported.buffer),
    bytes: (at, length) => new Uint8Array(exported.buffer, at, length),
  }
  const file = createOutputFile()
  const texts: Record<number, Buffer[]> = { [STDOUT]: [], [STDERR]: [] }
  const calls: WasiCalls = {
    ...argumentCalls(memory, args),
    ...descriptorCalls(memory),
    ...fileCalls(memory, file, (fd, data) => texts[fd]?.push(data)),
    clock_time_get(_id = 0, _precision = 0, timeAt = 0) {
      memory.view().setBigUint64(timeAt, 0n, true)
      return SUCCESS
    },
    proc_exit(code = 0) {
      throw new ProgramExit(code)
    },
  }
  const instance = new WebAssembly.Instance(program.module, { wasi_snapshot_preview1: calls })
  const exported = instance.exports['memory'] as { buffer: ArrayBuffer }
  let exitCode = 0
  try {
    ;(instance.exports['_start'] as () => void)()
  } catch (thrown) {
    if (!(thrown instanceof ProgramExit)) throw thrown
    exitCode = thrown.exitCode
  }
  const text = (fd: number): string => Buffer.concat(texts[fd] ?? []).toString('utf8')
  return { exitCode, stdout: text(STDOUT), stderr: text(STDERR), file: file.content() }
}

type WasiCalls = Record<string, (...parameters: number[]) => number>

/** The program's memory, which moves when it grows: asked for anew each time. */
interface ProgramMemory {
  view(): DataView
  bytes(at: number, length: number): Uint8Array
}

function argumentCalls({ view, bytes }: ProgramMemory, args: readonly string[]): WasiCalls {
  const argv = args.map((arg) => Buffer.from(`${arg}\0`, 'utf8'))
  const size = argv.reduce((sum, arg) => sum + arg.length, 0)
  return {
    args_sizes_get(countAt = 0, sizeAt = 0) {
      view().setUint32(countAt, argv.length, true)
      view().setUint32(sizeAt, size, true)
      return SUCCESS
    },
    args_get(pointersAt = 0, bufferAt = 0) {
      let at = bufferAt
      argv.forEach((arg, index) => {
        view().setUint32(pointersAt + 4 * index, at, true)
        bytes(at, arg.length).set(arg)
        at += arg.length
      })
      return SUCCESS
    },
  }
}

/** What a program asks about descriptors before it uses them. */
function descriptorCalls({ view, bytes }: ProgramMemory): WasiCalls {
  return {
    fd_close: () => SUCCESS,
    fd_fdstat_get(fd = 0, statAt = 0) {
      if (fd > OUTPUT_FD) return BAD_FD
      const type =
        fd === ROOT_FD ? FILETYPE_DIRECTORY : fd === OUTPUT_FD ? FILETYPE_REGULAR : FILETYPE_CHARACTER_DEVICE
      bytes(statAt, 24).fill(0)
      view().setUint8(statAt, type)
      view().setBigUint64(statAt + 8, ~0n & 0xffffffffffffffffn, true)
      view().setBigUint64(statAt + 16, ~0n & 0xffffffffffffffffn, true)
      return SUCCESS
    },
    fd_fdstat_set_flags: () => SUCCESS,
    fd_prestat_get(fd = 0, statAt = 0) {
      if (fd !== ROOT_FD) return BAD_FD
      view().setUint32(statAt, 0, true)
      view().setUint32(statAt + 4, ROOT_NAME.length, true)
      return SUCCESS
    },
    fd_prestat_dir_name(fd = 0, nameAt = 0, length = 0) {
      if (fd !== ROOT_FD) return BAD_FD
      bytes(nameAt, length).set(Buffer.from(ROOT_NAME).subarray(0, length))
      return SUCCESS
    },
  }
}

/** Reading and writing: everything read is empty, `file` is the one file, and `print` gets what goes elsewhere. */
function fileCalls(
  { view, bytes }: ProgramMemory,
  file: OutputFile,
  print: (fd: number, data: Buffer) => void,
): WasiCalls {
  return {
    fd_read(_fd = 0, _vectorsAt = 0, _vectors = 0, readAt = 0) {
      view().setUint32(readAt, 0, true)
      return SUCCESS
    },
    // The offset is a 64-bit integer and so arrives as a BigInt.
    fd_seek(fd = 0, offset = 0, whence = 0, positionAt = 0) {
      if (fd !== OUTPUT_FD) return BAD_FD
      view().setBigUint64(positionAt, BigInt(file.seek(Number(offset), whence)), true)
      return SUCCESS
    },
    fd_write(fd = 0, vectorsAt = 0, vectors = 0, writtenAt = 0) {
      let written = 0
      for (let index = 0; index < vectors; index++) {
        const at = view().getUint32(vectorsAt + 8 * index, true)
        const length = view().getUint32(vectorsAt + 8 * index + 4, true)
        const data = bytes(at, length)
        if (fd === OUTPUT_FD) file.write(data)
        else print(fd, Buffer.from(data))
        written += length
      }
      view().setUint32(writtenAt, written, true)
      return SUCCESS
    },
    path_open(...parameters) {
      const flags = parameters[4] ?? 0
      const openedAt = parameters[8] ?? 0
      if ((flags & OPEN_CREATE) === 0) return NO_ENTRY
      file.clear()
      view().setUint32(openedAt, OUTPUT_FD, true)
      return SUCCESS
    },
  }
}

/** The one file a program can write. */
interface OutputFile {
  write(data: Uint8Array): void
  /** From the start, the position, or the end, by WASI's `whence`. Returns the new position. */
  seek(offset: number, whence: number): number
  clear(): void
  content(): Uint8Array
}

function createOutputFile(): OutputFile {
  let bytes = new Uint8Array(1 << 16)
  let length = 0
  let position = 0
  return {
    write(data) {
      const end = position + data.length
      if (end > bytes.length) {
        const larger = new Uint8Array(end * 2)
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(data, position)
      position = end
      length = Math.max(length, end)
    },
    seek(offset, whence) {
      const from = whence === 0 ? 0 : whence === 1 ? position : length
      position = Math.max(0, from + offset)
      return position
    },
    clear() {
      position = 0
      length = 0
    },
    content: () => bytes.subarray(0, length),
  }
}
