// The two trunks of the route tree: `rootRoute` holds everything, `shellRoute` what a member sees after signing in.

import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, redirect, retainSearchParams } from '@tanstack/react-router'
import { setupQuery } from '~/api/identity'
import { session } from '~/api/session'
import { FailedPage, MissingPage } from '~/app/fallbacks'
import { parseShared } from '~/app/shared-search'
import { Shell } from '~/app/shell/shell'
import { Progress } from '~/ui/progress'

export type RouterContext = { queryClient: QueryClient }

export const rootRoute = createRootRouteWithContext<RouterContext>()({
  notFoundComponent: MissingPage,
  errorComponent: FailedPage,
})

export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  validateSearch: parseShared,
  search: { middlewares: [retainSearchParams(['range', 'compare'])] },
  component: Shell,
  pendingComponent: Progress,
  beforeLoad: async ({ context, location }) => {
    const known = await session.ensure()
    if (known.kind === 'signed_in') return
    const setup = await context.queryClient.ensureQueryData(setupQuery)
    if (setup.needs_setup) throw redirect({ to: '/setup' })
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
  },
})
