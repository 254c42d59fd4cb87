import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const demandRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/demand',
  staticData: { title: 'Demand' },
  validateSearch: (search) => ({ ...textParam(search, 'days') }),
  component: lazyRouteComponent(() => import('./demand-page'), 'DemandPage'),
})
