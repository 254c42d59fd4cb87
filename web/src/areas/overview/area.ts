import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'

export const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  staticData: { title: 'Overview', usesRange: true },
  component: lazyRouteComponent(() => import('./overview-page'), 'OverviewPage'),
})
