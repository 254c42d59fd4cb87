// Enough of RFC 6455 to push short text messages to a browser.

import { createHash } from 'node:crypto'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const sockets = new Set()
let seq = 0

export function acceptSocket(request, socket) {
  const key = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + GUID)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
  )
  sockets.add(socket)
  send(socket, { seq, type: 'welcome', data: { reload: false } })
  const leave = () => sockets.delete(socket)
  socket.on('close', leave).on('error', leave)
  // A close frame (opcode 8) is answered by closing; everything else a client says is only its token.
  socket.on('data', (chunk) => (chunk[0] & 15) === 8 && socket.end())
}

export function push(type, data) {
  seq += 1
  for (const socket of sockets) send(socket, { seq, type, data })
}

function send(socket, message) {
  const text = Buffer.from(JSON.stringify(message))
  const head =
    text.length < 126 ? Buffer.from([0x81, text.length]) : Buffer.from([0x81, 126, text.length >> 8, text.length & 255])
  socket.write(Buffer.concat([head, text]))
}
