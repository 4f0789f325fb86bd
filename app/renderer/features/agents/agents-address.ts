/** The addresses of the page: `#/agents/AGENT/SESSION`; without a session, a new one begins with the first words. */
export const agentPath = (agentId: string, sessionId: string | null = null): string =>
  `/agents/${encodeURIComponent(agentId)}${sessionId === null ? '' : `/${encodeURIComponent(sessionId)}`}`
