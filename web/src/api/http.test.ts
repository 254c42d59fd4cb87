import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { get, post } from '~/api/http'
import { ApiError } from '~/api/problem'
import { session } from '~/api/session'

const me = {
  member: { id: '1', name: 'Robin', email: 'r@example.org' },
  merchant: { id: '2', name: 'Shop', currency: 'GBP', time_zone: 'UTC', is_demo: false },
  role: 'owner' as const,
  permissions: [],
  merchants: [],
}
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

describe('the client', () => {
  const server = vi.fn<(path: string, init: RequestInit) => Promise<Response>>()
  beforeEach(() => {
    vi.stubGlobal('fetch', server)
    session.begin({ access_token: 'old', expires_in_seconds: 1, me })
  })
  afterEach(() => {
    server.mockReset()
    vi.unstubAllGlobals()
  })

  test('renews the session once for all requests that were refused together', async () => {
    server.mockImplementation(async (path, init) => {
      if (path.endsWith('/auth/refresh')) return json(200, { access_token: 'new', expires_in_seconds: 900, me })
      return new Headers(init.headers).get('authorization') === 'Bearer new' ? json(200, { path }) : json(401, {})
    })
    await Promise.all([get('/a'), get('/b'), get('/c')])
    expect(server.mock.calls.filter(([path]) => path.endsWith('/auth/refresh'))).toHaveLength(1)
  })

  test('signs out when the refresh cookie has run out too', async () => {
    server.mockImplementation(async () => json(401, { title: 'Signed out' }))
    await expect(get('/a')).rejects.toBeInstanceOf(ApiError)
    expect(session.get().kind).toBe('signed_out')
  })

  test('tells a problem in the server’s words with its request id', async () => {
    server.mockImplementation(async () =>
      json(422, { title: 'Invalid', code: 'invalid', detail: 'The price is below zero', request_id: 'r-1' }),
    )
    await expect(post('/a', {})).rejects.toMatchObject({
      status: 422,
      detail: 'The price is below zero',
      requestId: 'r-1',
    })
  })

  test('says that nobody answered when the network is down', async () => {
    server.mockRejectedValue(new TypeError('failed'))
    await expect(get('/a')).rejects.toMatchObject({ status: 0, code: 'unreachable' })
  })

  test('gives every POST its own idempotency key', async () => {
    server.mockImplementation(async () => json(200, {}))
    await post('/a')
    await post('/a')
    const keys = server.mock.calls.map(([, init]) => new Headers(init.headers).get('idempotency-key'))
    expect(new Set(keys).size).toBe(2)
  })
})
