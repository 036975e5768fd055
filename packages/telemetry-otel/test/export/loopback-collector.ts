import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'

/** The part of opentelemetry/proto/trace/v1/trace.proto that the tests read, by its field numbers. */
const TRACE_PROTO = `
syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message Scope { string name = 1; string version = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; repeated Event events = 11; Status status = 15;
}
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; Value value = 2; }
message Value { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`
const Request = protobuf.parse(TRACE_PROTO).root.lookupType('Request')

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  readonly kind: number
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly string[]
  readonly failed: boolean
  readonly resource: Readonly<Record<string, unknown>>
}

/** A collector as OTLP over HTTP describes it; what it answers is the test's to say. */
export interface LoopbackCollector {
  readonly url: string
  readonly spans: readonly ReceivedSpan[]
  readonly contentTypes: ReadonlySet<string>
  /** Requests, answered or not. */
  readonly requests: number
  /** Status of every answer from now on; `undefined`: none ever comes. */
  answer(status: number | undefined): void
  close(): Promise<void>
}

export async function openLoopbackCollector(): Promise<LoopbackCollector> {
  const spans: ReceivedSpan[] = []
  const contentTypes = new Set<string>()
  let status: number | undefined = 200
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    void readBody(request).then((body) => respond(request, body, response))
  })

  function respond(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    if (status === undefined) return
    if (status === 200 && request.url === '/v1/traces' && body.length > 0) {
      const type = request.headers['content-type'] ?? ''
      contentTypes.add(type)
      spans.push(...spansOf(type.includes('json') ? (JSON.parse(String(body)) as object) : decoded(body)))
    }
    response.writeHead(status, { 'content-type': request.headers['content-type'] ?? 'text/plain' }).end()
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    contentTypes,
    get requests() {
      return requests
    },
    answer(next) {
      status = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const body = Buffer.concat(pieces)
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
}

/** As the JSON encoding writes it, except that ids are base64 here. */
function decoded(body: Buffer): object {
  return Request.toObject(Request.decode(body), { longs: String, bytes: String, defaults: true })
}

type Pairs = readonly { key: string; value: Record<string, unknown> }[]

interface WireSpan {
  readonly [name: string]: unknown
  readonly name: string
  readonly kind: number
  readonly attributes?: Pairs
  readonly events?: readonly { name: string }[]
  readonly status?: { code?: number }
}

function spansOf(request: object): readonly ReceivedSpan[] {
  const all = (
    request as {
      resourceSpans: readonly {
        resource: { attributes: Pairs }
        scopeSpans: readonly { spans: readonly WireSpan[] }[]
      }[]
    }
  ).resourceSpans
  return all.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => received(span, valuesOf(resource.attributes)))),
  )
}

function received(span: WireSpan, resource: ReceivedSpan['resource']): ReceivedSpan {
  return {
    traceId: hex(span['traceId']),
    spanId: hex(span['spanId']),
    parentSpanId: hex(span['parentSpanId']),
    name: span.name,
    kind: span.kind,
    startMs: Number(BigInt(String(span['startTimeUnixNano'])) / 1_000_000n),
    endMs: Number(BigInt(String(span['endTimeUnixNano'])) / 1_000_000n),
    attributes: valuesOf(span.attributes ?? []),
    events: (span.events ?? []).map(({ name }) => name),
    failed: span.status?.code === 2,
    resource,
  }
}

function hex(id: unknown): string {
  const text = typeof id === 'string' ? id : ''
  return /^[0-9a-f]+$/.test(text) && text.length % 16 === 0
    ? text
    : Buffer.from(text, 'base64').toString('hex')
}

function valuesOf(pairs: Pairs): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map(({ key, value }) => {
      const [kind, held] = Object.entries(value).find(([name]) => name !== 'value') ?? []
      return [key, kind === 'intValue' ? Number(held) : held]
    }),
  )
}
