import { queryOptions } from '@tanstack/react-query'
import { get, patch, post, remove } from '~/api/http'
import type { ApiKey, AuditEntry, Member, MerchantSettings, Page, Role, Uuid } from '~/api/types'

export const merchantQuery = queryOptions({
  queryKey: ['merchant'],
  queryFn: ({ signal }) => get<MerchantSettings>('/merchant', { signal }),
})

export const saveMerchant = (changes: Partial<MerchantSettings>) => patch<MerchantSettings>('/merchant', changes)

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: ({ signal }) => get<Page<Member>>('/members', { query: { limit: 100 }, signal }),
})

export type NewMember = { name: string; email: string; role: Role; password: string }
export const addMember = (member: NewMember) => post<Member>('/members', member)
export const changeRole = (id: Uuid, role: Role) => patch<Member>(`/members/${id}`, { role })
export const removeMember = (id: Uuid) => remove(`/members/${id}`)

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => get<Page<ApiKey>>('/api-keys', { query: { limit: 100 }, signal }),
})

export type NewApiKey = { name: string; scopes: string[]; expires_at: string | null }

/** The secret is in this answer and nowhere else afterwards. */
export const createApiKey = (key: NewApiKey) => post<ApiKey & { key: string }>('/api-keys', key)
export const revokeApiKey = (id: Uuid) => remove(`/api-keys/${id}`)

export const auditQuery = queryOptions({
  queryKey: ['audit'],
  queryFn: ({ signal }) => get<Page<AuditEntry>>('/audit', { query: { limit: 50 }, signal }),
})

export const changePassword = (current: string, next: string) => post<null>('/auth/password', { current, new: next })
