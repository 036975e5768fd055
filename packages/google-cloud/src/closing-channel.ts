import type { Socket } from 'node:net'
import type * as Grpc from '@grpc/grpc-js'

/** Of grpc-js, as the SDK's package has loaded it. */
export type GrpcModule = Pick<typeof Grpc, 'Channel' | 'credentials'>

/** What a connection in use gets to say goodbye in. */
const GOODBYE_MS = 1000

/**
 * Makes the channels of an SDK client: once closed, they stay closed, and so does every socket of theirs. In grpc-js (1.14)
 * whoever waits for a channel that is closed has it connect again, over and over; and it lets go of a connection that is
 * still being made, so that a far end that accepts and says nothing keeps the socket open for as long as it likes. An
 * address that is found a turn after the end has it connect again, too.
 */
export function createClosingChannel(grpc: GrpcModule) {
  return (address: string, credentials: Grpc.ChannelCredentials, options: Grpc.ChannelOptions) => {
    const sockets = new Set<Socket>()
    let closed = false
    const onSocket = (socket: Socket): void => {
      if (closed) {
        socket.destroy()
        return queueMicrotask(close)
      }
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
    const channel = new grpc.Channel(address, tellingSockets(credentials, onSocket), options)
    const close = channel.close.bind(channel)
    const stateOf = channel.getConnectivityState.bind(channel)
    channel.getConnectivityState = (tryToConnect) => {
      if (closed) throw new Error('the channel is closed')
      return stateOf(tryToConnect)
    }
    channel.close = () => {
      closed = true
      close()
      for (const socket of sockets) endWithin(socket, GOODBYE_MS)
    }
    return channel
  }
}

/** The same credentials; the one place where grpc-js shows the sockets that it opens. */
function tellingSockets(
  credentials: Grpc.ChannelCredentials,
  onSocket: (socket: Socket) => void,
): Grpc.ChannelCredentials {
  const telling = Object.create(credentials) as Grpc.ChannelCredentials
  telling._createSecureConnector = (...given) => {
    const connector = credentials._createSecureConnector(...given)
    const connect = connector.connect.bind(connector)
    connector.connect = (socket) => {
      onSocket(socket)
      return connect(socket)
    }
    return connector
  }
  return telling
}

function endWithin(socket: Socket, limitMs: number): void {
  const limit = setTimeout(() => socket.destroy(), limitMs)
  limit.unref()
  socket.once('close', () => clearTimeout(limit))
}
