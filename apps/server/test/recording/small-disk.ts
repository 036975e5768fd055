import { type FileHandle, open } from 'node:fs/promises'

/** Opens files of a disk that has room for so many bytes: a write takes what fits, the next fails. */
export function smallDisk(roomBytes: number): (file: string) => Promise<FileHandle> {
  return async (file) => {
    const handle = await open(file, 'wx')
    return intercepted(
      handle,
      async (write, bytes: Uint8Array, from: number, length: number, position: number) => {
        const fits = Math.min(length, Math.max(0, roomBytes - position))
        if (fits === 0)
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
        return write(bytes, from, fits, position)
      },
    )
  }
}

/** Opens files of which `onChange` is told before and after each change. */
export function watchedDisk(onChange: () => void): (file: string) => Promise<FileHandle> {
  return async (file) => {
    const handle = await open(file, 'wx')
    onChange()
    return intercepted(handle, async (write, ...parts: Parameters<Write>) => {
      const done = await write(...parts)
      onChange()
      return done
    })
  }
}

type Write = (
  bytes: Uint8Array,
  from: number,
  length: number,
  position: number,
) => ReturnType<FileHandle['write']>

function intercepted(
  handle: FileHandle,
  write: (own: Write, ...parts: Parameters<Write>) => ReturnType<Write>,
): FileHandle {
  const own: Write = (...parts) => handle.write(...parts) as unknown as ReturnType<Write>
  return {
    write: (...parts: Parameters<Write>) => write(own, ...parts),
    stat: () => handle.stat(),
    truncate: (bytes: number) => handle.truncate(bytes),
    close: () => handle.close(),
  } as unknown as FileHandle
}
