import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  staticData: { title: 'Overview', usesRange: true },
  validateSearch: (search) => ({ ...textParam(search, 'measure'), ...textParam(search, 'by') }),
  component: lazyRouteComponent(() => import('./overview-page'), 'OverviewPage'),
})
