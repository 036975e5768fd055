import { jetstream, JetStreamApiError, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream'
import { type KV, type KvEntry, Kvm } from '@nats-io/kv'
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node'
import { MAX_ONCE_MS } from '@kav/core'
import { createDeferred } from '@kav/core/kit'
import { clientTls, type DirectoryTls } from './directory-tls.ts'
import type { FleetNames } from './names.ts'
import type { ServerAddresses } from './server-addresses.ts'

/** How long the server keeps what nobody writes again: calls and nodes that are gone, and the marks of what ended. */
export const KEPT_MS = 600_000

const NOTICES_KEPT_MS = 7 * 86_400_000
const REPEATED_WITHIN_MS = 120_000
const CONNECT_MS = 2000
/** Longest wait for the server's word on a write: what waits for calls is bounded by itself. */
const WRITE_MS = 2000
/** A connection that is silent for two of these is over. */
const PING_MS = 2000
const NS_PER_MS = 1_000_000
/** A message was written, but not as the last one of its subject. */
const WRONG_LAST_SEQUENCE: readonly number[] = [10071, 10164]
const STREAM_NOT_FOUND = 10059

export interface SessionOptions {
  readonly addresses: ServerAddresses
  /** What a `.creds` file holds. */
  readonly credentials?: Uint8Array
  /** Asked for each connection, since files are replaced while a process lives. */
  readonly tls?: () => Promise<DirectoryTls>
  readonly names: FleetNames
  /** Which process this is. */
  readonly owner: string
  /** Copies of each stream in a cluster of servers. */
  readonly replicas: number
}

/** One key of the bucket was written; without a value it was deleted. */
export interface BucketEntry {
  readonly key: string
  readonly revision: number
  readonly value: Uint8Array | undefined
}

export interface SessionHandlers {
  /** In the order in which the server has them: first what is there, then what comes. */
  onEntry(entry: BucketEntry): void
  /** Somebody asks this node; the answer, of so many bytes at most, goes back to him. Never rejects. */
  onRequest(request: Uint8Array, maxBytes: number): Promise<Uint8Array>
}

/**
 * One connection, from its beginning to its first fault: it is never mended, the next one starts anew and hears all
 * that is there again. What is asked of it rejects when the server does not answer.
 */
export interface FleetSession {
  /** When the bucket was made; another one has another. */
  readonly bucket: string
  readonly maxPayloadBytes: number
  /** Resolves to the new revision, or to `undefined` when the last one is not `previous` any more (0: there is none). */
  put(key: string, value: Uint8Array, previous?: number): Promise<number | undefined>
  /** What a key holds now. */
  last(key: string): Promise<BucketEntry | undefined>
  /** Deletes a key; with `revision` only if it still has it. */
  remove(key: string, revision?: number): Promise<void>
  /** Whether nobody but this process has used the key. */
  useOnce(key: string): Promise<boolean>
  /** Rejects with a `NoRespondersError` when nobody is there. */
  request(subject: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array>
  /** Resolves once the stream has it, or had it before. */
  store(subject: string, body: Uint8Array, id: string): Promise<void>
  /** Why it is over, in a word for the log. */
  readonly ended: Promise<string>
  end(why: string): void
}

export async function openSession(options: SessionOptions, handlers: SessionHandlers): Promise<FleetSession> {
  const connection = await signIn(options)
  const over = createDeferred<string>()
  void connection.closed().then((error) => over.resolve(error instanceof Error ? error.name : 'closed'))
  let watching: Promise<unknown> = Promise.resolve()
  /** Not while a watch begins: what the client has begun of it by then would look for its heartbeats for ever. */
  const close = async (): Promise<void> => {
    await watching.catch(() => undefined)
    await connection.close()
  }
  try {
    const js = jetstream(connection, { timeout: WRITE_MS })
    const jsm = await js.jetstreamManager()
    const { calls, once } = await openBuckets(js, options)
    await openNotices(jsm, options)
    takeRequests(connection, options, handlers, () => over.resolve('requests-refused'))
    const watch = calls.watch()
    watching = watch
    void follow(watch, handlers).then(
      () => over.resolve('watch-ended'),
      () => over.resolve('watch-failed'),
    )
    void over.promise.then(close).catch(() => undefined)
    const { created } = await jsm.streams.info(`KV_${options.names.callsBucket}`)
    return {
      ...writing(calls, once, js, options.owner),
      bucket: created,
      maxPayloadBytes: connection.info?.max_payload ?? 0,
      request: async (subject, body, timeoutMs) =>
        (await connection.request(subject, body, { timeout: timeoutMs })).data,
      ended: over.promise,
      end: (why) => over.resolve(why),
    }
  } catch (thrown) {
    over.resolve('not opened')
    await close()
    throw thrown
  }
}

async function signIn(options: SessionOptions): Promise<NatsConnection> {
  const { addresses, credentials, owner } = options
  const { servers, tls, user, pass, token } = addresses
  return await connect({
    servers: [...servers],
    name: owner,
    reconnect: false,
    timeout: CONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: 2,
    // A stack for each request costs more than the request.
    noAsyncTraces: true,
    ...(tls && { tls: clientTls((await options.tls?.()) ?? {}) }),
    ...(user !== undefined && { user }),
    ...(pass !== undefined && { pass }),
    ...(token !== undefined && { token }),
    ...(credentials !== undefined && { authenticator: credsAuthenticator(credentials) }),
  })
}

async function openBuckets(
  js: JetStreamClient,
  { names, replicas }: SessionOptions,
): Promise<{ calls: KV; once: KV }> {
  const kvm = new Kvm(js)
  // In memory: the nodes know what they run, and write it again. What was used once, they do not all know.
  const [calls, once] = await Promise.all([
    kvm.create(names.callsBucket, { history: 1, ttl: KEPT_MS, storage: StorageType.Memory, replicas }),
    kvm.create(names.onceBucket, { history: 1, ttl: MAX_ONCE_MS, storage: StorageType.File, replicas }),
  ])
  return { calls, once }
}

async function openNotices(jsm: JetStreamManager, { names, replicas }: SessionOptions): Promise<void> {
  try {
    // Its limits may have been changed on the server: they stay.
    await jsm.streams.info(names.noticeStream)
    return
  } catch (thrown) {
    if (!(thrown instanceof JetStreamApiError && thrown.code === STREAM_NOT_FOUND)) throw thrown
  }
  await jsm.streams.add({
    name: names.noticeStream,
    subjects: [names.noticeSubjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: replicas,
    max_age: NOTICES_KEPT_MS * NS_PER_MS,
    duplicate_window: REPEATED_WITHIN_MS * NS_PER_MS,
  })
}

function takeRequests(
  connection: NatsConnection,
  { names, owner }: SessionOptions,
  handlers: SessionHandlers,
  onRefused: () => void,
): void {
  connection.subscribe(names.commandSubject(owner), {
    callback: (error, message) => {
      if (error) return onRefused()
      const maxBytes = connection.info?.max_payload ?? 0
      void handlers.onRequest(message.data, maxBytes).then((answer) => {
        if (!connection.isClosed()) message.respond(answer)
      })
    },
  })
}

/** Until the connection is over. */
async function follow(watch: ReturnType<KV['watch']>, { onEntry }: SessionHandlers): Promise<void> {
  for await (const entry of await watch) onEntry(asEntry(entry))
}

function asEntry({ key, revision, operation, value }: KvEntry): BucketEntry {
  return { key, revision, value: operation === 'PUT' ? value : undefined }
}

function writing(calls: KV, once: KV, js: JetStreamClient, owner: string) {
  return {
    async put(key: string, value: Uint8Array, previous?: number) {
      try {
        return await calls.put(key, value, previous === undefined ? {} : { previousSeq: previous })
      } catch (thrown) {
        if (isConflict(thrown)) return undefined
        throw thrown
      }
    },
    async last(key: string) {
      const entry = await calls.get(key)
      return entry === null ? undefined : asEntry(entry)
    },
    async remove(key: string, revision?: number) {
      try {
        await calls.delete(key, revision === undefined ? {} : { previousSeq: revision })
      } catch (thrown) {
        // Somebody has it by now, or it went by itself.
        if (!isConflict(thrown)) throw thrown
      }
    },
    async useOnce(key: string) {
      try {
        await once.create(key, owner)
        return true
      } catch (thrown) {
        if (!isConflict(thrown)) throw thrown
        return (await once.get(key))?.string() === owner
      }
    },
    async store(subject: string, body: Uint8Array, id: string) {
      await js.publish(subject, body, { msgID: id })
    },
  }
}

function isConflict(thrown: unknown): boolean {
  return thrown instanceof JetStreamApiError && WRONG_LAST_SEQUENCE.includes(thrown.code)
}
