import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const recommendationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/recommendations',
  staticData: { title: 'Recommendations' },
  validateSearch: (search) => ({
    ...textParam(search, 'state'),
    ...textParam(search, 'kind'),
    ...textParam(search, 'sort'),
    ...textParam(search, 'sku'),
    ...textParam(search, 'open'),
  }),
  component: lazyRouteComponent(() => import('./recommendations-page'), 'RecommendationsPage'),
})
