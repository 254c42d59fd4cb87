import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { setupQuery } from '~/api/identity'
import { session } from '~/api/session'
import { rootRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  staticData: { title: 'Sign in' },
  validateSearch: (search) => textParam(search, 'next'),
  beforeLoad: async ({ context }) => {
    if ((await session.ensure()).kind === 'signed_in') throw redirect({ to: '/' })
    if ((await context.queryClient.ensureQueryData(setupQuery)).needs_setup) throw redirect({ to: '/setup' })
  },
  component: lazyRouteComponent(() => import('./sign-in-page'), 'SignInPage'),
})

export const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  staticData: { title: 'Set up' },
  beforeLoad: async ({ context }) => {
    if (!(await context.queryClient.ensureQueryData(setupQuery)).needs_setup) throw redirect({ to: '/' })
  },
  component: lazyRouteComponent(() => import('./setup-page'), 'SetupPage'),
})

export const identityRoutes = [signInRoute, setupRoute] as const
