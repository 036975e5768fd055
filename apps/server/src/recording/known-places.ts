import type { RecordingPlace } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { openRecordingPlace } from './open-recording-place.ts'

/** The places that pipelines bring their recordings to. Each is opened when it is asked for. */
export interface KnownPlaces {
  /**
   * The one that calls the recording of this name so; with the folder of records of who brings them there. Rejects with
   * a `KavError` where the package of a place is not installed.
   *
   * @param key the name of the file, `2026-11-23T04-37-46-123Z_CA123.wav`
   */
  find(address: string, key: string): Promise<FoundPlace | undefined>
  /** From now on those of these pipelines, too. */
  use(loaded: readonly LoadedPipeline[]): void
  /** Folders of records whose recordings are brought elsewhere. */
  readonly dirs: Iterable<string>
  close(): Promise<void>
}

export interface FoundPlace {
  readonly place: RecordingPlace
  readonly dir: string
}

type Upload = NonNullable<LoadedPipeline['config']['record']['upload']>

export function createKnownPlaces(): KnownPlaces {
  const doors = new Map<string, { readonly dir: string; readonly upload: Upload }>()
  const dirs = new Set<string>()
  const places = new Map<string, Promise<RecordingPlace>>()

  function open(upload: Upload): Promise<RecordingPlace> {
    const told = JSON.stringify(upload.s3)
    const place = places.get(told) ?? openRecordingPlace(upload)
    places.set(told, place)
    return place
  }

  return {
    dirs,
    use(loaded) {
      for (const { config } of loaded) {
        const { dir, upload } = config.record
        if (upload === undefined) continue
        doors.set(`${dir} ${JSON.stringify(upload.s3)}`, { dir, upload })
        dirs.add(dir)
      }
    },
    async find(address, key) {
      for (const { dir, upload } of doors.values()) {
        const place = await open(upload)
        if (place.addressOf(key) === address) return { place, dir }
      }
      return undefined
    },
    async close() {
      for (const place of places.values())
        await place.then(
          (opened) => opened.close(),
          () => undefined,
        )
    },
  }
}
