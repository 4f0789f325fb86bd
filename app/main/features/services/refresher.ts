interface Flight {
  readonly running: Promise<void>
  next: Promise<void> | null
  dropped: boolean
}

/**
 * Reads things by id, for each at most one read under way and one waiting, so that a storm of events about a container
 * costs two reads. `read` must not throw; `dropped` tells it that the thing is gone and its answer worthless.
 */
export function createRefresher(read: (id: string, dropped: () => boolean) => Promise<void>) {
  const flights = new Map<string, Flight>()

  function begin(id: string): Promise<void> {
    const flight: Flight = {
      running: read(id, () => flight.dropped).then(() => {
        if (!flight.next) flights.delete(id)
      }),
      next: null,
      dropped: false,
    }
    flights.set(id, flight)
    return flight.running
  }

  return {
    /** Resolves once a read that began after this call has ended: one under way may have seen the past. */
    refresh(id: string): Promise<void> {
      const flight = flights.get(id)
      if (!flight) return begin(id)
      flight.next ??= flight.running.then(() => begin(id))
      return flight.next
    },
    drop(id: string): void {
      const flight = flights.get(id)
      if (flight) flight.dropped = true
    },
  }
}
