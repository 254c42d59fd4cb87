// One place that talks HTTP: adds the token, renews it once on 401, turns every failure into an ApiError.

import { problemOf, UNREACHABLE } from '~/api/problem'
import { API, session } from '~/api/session'

export type Query = Record<string, string | number | boolean | null | undefined>

type Options = { query?: Query; signal?: AbortSignal; isQuestion?: boolean }
type Body = { json?: unknown; form?: FormData }

export function get<T>(path: string, options: Options = {}): Promise<T> {
  return send<T>('GET', path, {}, options)
}

/** Every POST that does something carries an idempotency key, so that a retry after a lost answer does not do the thing twice. */
export function post<T>(path: string, json?: unknown, options: Options = {}): Promise<T> {
  return send<T>('POST', path, { json }, options)
}

export function upload<T>(path: string, form: FormData): Promise<T> {
  return send<T>('POST', path, { form }, {})
}

export function patch<T>(path: string, json: unknown): Promise<T> {
  return send<T>('PATCH', path, { json }, {})
}

/** Puts a thing in its place; doing so twice is the same as once. */
export function put<T>(path: string, json: unknown): Promise<T> {
  return send<T>('PUT', path, { json }, {})
}

export function remove(path: string): Promise<void> {
  return send<void>('DELETE', path, {}, {})
}

/** A question too large for a query string: changes nothing, so it needs no idempotency key. */
export function ask<T>(path: string, json: unknown, options: Options = {}): Promise<T> {
  return send<T>('POST', path, { json }, { ...options, isQuestion: true })
}

/** A file to keep, with the name the server gives it. */
export async function download(path: string): Promise<Blob> {
  const response = await exchange('GET', path, {}, {}, new Headers())
  return response.blob()
}

async function send<T>(method: string, path: string, body: Body, options: Options): Promise<T> {
  const headers = new Headers({ accept: 'application/json' })
  if (method === 'POST' && !options.isQuestion) headers.set('idempotency-key', newKey())
  const response = await exchange(method, path, body, options, headers)
  const text = response.status === 204 ? '' : await response.text()
  return text === '' ? JSON.parse('null') : JSON.parse(text)
}

async function exchange(method: string, path: string, body: Body, options: Options, headers: Headers) {
  const first = await attempt(method, path, body, options, headers)
  if (first.status !== 401 || path.startsWith('/auth/')) return accept(first)
  const renewed = await session.refresh()
  if (renewed.kind !== 'signed_in') throw await problemOf(first)
  return accept(await attempt(method, path, body, options, headers))
}

/** `crypto.randomUUID` exists on secure origins only; a shop on the local network may be served over plain HTTP. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function accept(response: Response): Promise<Response> {
  if (!response.ok) throw await problemOf(response)
  return response
}

async function attempt(
  method: string,
  path: string,
  body: Body,
  options: Options,
  headers: Headers,
): Promise<Response> {
  const known = session.get()
  if (known.kind === 'signed_in') headers.set('authorization', `Bearer ${known.token}`)
  if (body.json !== undefined) headers.set('content-type', 'application/json')
  try {
    return await fetch(API + path + printQuery(options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: body.form ?? (body.json === undefined ? null : JSON.stringify(body.json)),
      signal: options.signal ?? null,
    })
  } catch (error) {
    // An abort is the caller's own doing and keeps its name; everything else means nobody answered.
    if (options.signal?.aborted) throw error
    throw UNREACHABLE
  }
}

function printQuery(query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
