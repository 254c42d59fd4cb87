// Who did it: the server names authors by kind and id ("member:…", "api_key:…", "system:…").

import { useQuery } from '@tanstack/react-query'
import { membersQuery } from '~/api/settings'

/** An author in words. A member who left is no longer known by name. */
export function useAuthorName(): (author: string) => string {
  const members = useQuery(membersQuery).data?.items ?? []
  return (author) => {
    const [kind, ...rest] = author.split(':')
    const id = rest.join(':')
    if (kind === 'member') return members.find((member) => member.id === id)?.name ?? 'A former member'
    if (kind === 'api_key') return 'An API key'
    if (kind === 'system') return id === '' ? 'ShelfIQ' : `ShelfIQ, ${id}`
    return author
  }
}
