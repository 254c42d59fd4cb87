import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { connectLive, type LiveState } from '~/api/live'

/** Keeps the live connection open while somebody is signed in. */
export function useLive(): LiveState {
  const queries = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => {
    const connection = connectLive(queries)
    const unsubscribe = connection.subscribe(() => setState(connection.state()))
    return () => {
      unsubscribe()
      connection.close()
    }
  }, [queries])
  return state
}
