import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const modelsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/models',
  staticData: { title: 'Models' },
  validateSearch: (search) => ({ ...textParam(search, 'demand') }),
  component: lazyRouteComponent(() => import('./models-page'), 'ModelsPage'),
})
