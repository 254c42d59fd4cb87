import type { Role } from '~/api/types'

export const ROLE_TITLES: Record<Role, string> = {
  owner: 'Owner',
  manager: 'Manager',
  analyst: 'Analyst',
  viewer: 'Viewer',
}

export const ROLE_NOTES: Record<Role, string> = {
  owner: 'Everything, with members and keys',
  manager: 'Decides and imports',
  analyst: 'Reads everything, asks by SQL',
  viewer: 'Reads',
}

const ROLES: readonly Role[] = ['owner', 'manager', 'analyst', 'viewer']

export const ROLE_CHOICES = ROLES.map((value) => ({ value, label: ROLE_TITLES[value] }))

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text)
}
