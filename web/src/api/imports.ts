import { queryOptions } from '@tanstack/react-query'
import { ask, download, get, post, upload } from '~/api/http'
import type { Import, ImportPreview, Page, Upload, Uuid } from '~/api/types'

const RUNNING = new Set<Import['status']>(['queued', 'running', 'undoing'])

export function isRunning(imported: Import): boolean {
  return RUNNING.has(imported.status)
}

// Progress also arrives over the live connection; the slow poll covers a connection that is down.
const POLL_MS = 1500

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: ({ signal }) => get<Page<Import>>('/imports', { query: { limit: 50 }, signal }),
  refetchInterval: (query) => (query.state.data?.items.some(isRunning) ? POLL_MS : false),
})

export const importQuery = (id: Uuid) =>
  queryOptions({
    queryKey: ['imports', id],
    queryFn: ({ signal }) => get<Import>(`/imports/${id}`, { signal }),
    refetchInterval: (query) => (query.state.data && isRunning(query.state.data) ? POLL_MS : false),
  })

/** How a file is to be read: the store it belongs to, its kind and columns, and what the file itself leaves open. */
export type Reading = {
  upload_id: string
  store?: string | undefined
  kind?: string | undefined
  mapping?: Record<string, string> | undefined
  currency?: string | undefined
  date_order?: string | undefined
  decimal_mark?: string | undefined
}

export function uploadFile(file: File) {
  const form = new FormData()
  form.append('file', file)
  return upload<Upload>('/imports/uploads', form)
}

/** The dry run: what would land, change, stay or be rejected. Writes nothing. */
export const previewImport = (reading: Reading) => ask<ImportPreview>('/imports/preview', reading)
export const startImport = (reading: Reading) => post<Import>('/imports', reading)
export const undoImport = (id: Uuid) => post<Import>(`/imports/${id}/undo`)
export const downloadRejects = (id: Uuid) => download(`/imports/${id}/rejects`)
