import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { session } from '~/api/session'
import { queryClient } from '~/app/query-client'
import { router } from '~/app/router'
import { theme } from '~/app/theme'
import { Toasts } from '~/ui/toasts'

export function Providers() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" deduplicateCssVariables={false}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
        <SessionWatch />
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** Leaves the pages behind when the session ends, in this tab or in another one. */
function SessionWatch() {
  const kind = useSyncExternalStore(session.subscribe, () => session.get().kind)
  const before = useRef(kind)
  useEffect(() => {
    const ended = before.current === 'signed_in' && kind === 'signed_out'
    before.current = kind
    if (!ended) return
    queryClient.clear()
    void router.invalidate()
  }, [kind])
  return null
}
