// What the member may do, for hiding buttons that would only be refused. The server decides.

import type { Me } from '~/api/types'

/** The words of the server's permissions that the app asks about. */
export type Permission =
  | 'views:write'
  | 'decisions:write'
  | 'imports:write'
  | 'settings:write'
  | 'members:write'
  | 'api_keys:write'
  | 'jobs:write'
  | 'models:write'
  | 'audit:read'

export function may(me: Me, permission: Permission): boolean {
  return me.permissions.includes(permission)
}
