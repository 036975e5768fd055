/**
 * Where recordings of calls are kept that do not stay in the folder. Used beside the calls, never by one: whoever
 * asks may wait, and tries again what is worth it.
 */
export interface RecordingPlace {
  /** What a record calls it: `s3://bucket/key`. */
  addressOf(key: string): string
  /**
   * Resolves when the place has the whole file, under this key and no other name. What lies there already is replaced.
   * Rejects with a `ProviderError`; one that is of class `bad-request` will never be taken.
   * Class `bad-data`: the place said that it took the file, and does not have it.
   */
  put(file: string, key: string, signal: AbortSignal): Promise<void>
  /** Bytes of a recording, of `range` alone where one is given; `to` counts, too. */
  read(
    key: string,
    range?: { readonly from: number; readonly to?: number },
    signal?: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>
  /** Resolves when there is nothing under this key; also when there never was. */
  remove(key: string, signal?: AbortSignal): Promise<void>
  close(): void
}
