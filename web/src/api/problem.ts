// What went wrong, in the words of the server (RFC 9457) or, when it could not be asked, in ours.

import type { Problem } from '~/api/types'

/** The only error the client throws. `status` is 0 when no answer arrived. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string | null
  readonly fields: { field: string; message: string }[]

  constructor(problem: Partial<Problem> & { status: number }) {
    super(problem.title ?? 'The request failed')
    this.status = problem.status
    this.code = problem.code ?? (problem.status === 0 ? 'unreachable' : 'unknown')
    this.detail = problem.detail ?? ''
    this.requestId = problem.request_id ?? null
    this.fields = problem.errors ?? []
  }

  get isForbidden(): boolean {
    return this.status === 403
  }

  get isNotFound(): boolean {
    return this.status === 404
  }
}

export const UNREACHABLE = new ApiError({
  status: 0,
  title: 'ShelfIQ cannot be reached',
  detail: 'The server did not answer. Nothing was lost; try again when it is running.',
})

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Reads a problem+json body; anything else becomes a plain sentence about the status. */
export async function problemOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get('x-request-id') ?? undefined
  const body: unknown = await response.json().catch(() => null)
  if (!isObject(body)) {
    return new ApiError({
      status: response.status,
      title: `The server answered ${response.status}`,
      ...(requestId === undefined ? {} : { request_id: requestId }),
    })
  }
  const errors = Array.isArray(body.errors) ? body.errors.filter(isObject) : []
  const id = text(body.request_id) ?? requestId
  return new ApiError({
    status: response.status,
    title: text(body.title) ?? `The server answered ${response.status}`,
    code: text(body.code) ?? 'unknown',
    detail: text(body.detail) ?? '',
    errors: errors.map((error) => ({ field: text(error.field) ?? '', message: text(error.message) ?? '' })),
    ...(id === undefined ? {} : { request_id: id }),
  })
}

/** One sentence for a toast. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError) return error.fields[0]?.message || error.detail || error.message
  return error instanceof Error ? error.message : 'Something went wrong.'
}
